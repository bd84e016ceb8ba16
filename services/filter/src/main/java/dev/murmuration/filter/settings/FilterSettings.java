package dev.murmuration.filter.settings;

import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.duplicate.PdqIndex;
import dev.murmuration.stage.settings.CheckedBy;
import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of the filter: what the data sets are, what repeats what, and how photos are packed. */
@ConfigMapping(prefix = "filter")
@CheckedBy(FilterRules.class)
public interface FilterSettings {

    /**
     * The data sets that are cut from the stream, in this order: presets (flat, unb, bal, bal-flat) or names under {@code filter.datasets}.
     */
    @WithDefault("flat,bal")
    @Size(min = 1, max = DataSets.MAX, message = "must name 1 to " + DataSets.MAX + " data sets")
    List<String> active();

    /** Data sets by name. What is left out comes from the preset. */
    Map<String, DataSetSettings> datasets();

    /** Whether labelled images and shards carry the tweet's text. */
    @WithDefault("true")
    boolean text();

    /** Largest number of differing bits, 0 to 31, at which two PDQ hashes are of the same photo. */
    @WithDefault("31")
    @Min(0)
    @Max(PdqIndex.MAX_DISTANCE)
    int nearDuplicateDistance();

    /** Least PDQ quality, 0 to 100, that both hashes need to say so. */
    @WithDefault("50")
    @Min(0)
    @Max(100)
    int nearDuplicateQuality();

    /** How long a kept photo can be repeated, by the times of the tweets; without it, for ever. It bounds what the decider remembers. */
    Optional<@DurationRange(min = 1) Duration> nearDuplicateAge();

    /** What readers of a shard are told about the terms of a feed, by the feed's name: the `license` of its samples. */
    Map<String, String> licenses();

    /**
     * Private key (PEM, made by {@code ./murmuration signing-key}) that {@code datasets export} signs with; its public key is beside it
     * and ends in .pub. {@code up} makes one, run/keys/signing.pem, which commands use unless this says another.
     */
    Optional<Path> signingKey();

    /** Benchmarks that must be in the store before the filter starts; without it, those that are there. */
    Optional<List<String>> benchmarks();

    /** How long the named benchmarks are waited for: a simulator draws its photos first. */
    @WithDefault("3m")
    Duration benchmarkWait();

    /** A file of hashes of photos that no data set may hold: CSV with the columns sha256, pdq, pdqQuality, benchmark. */
    Optional<Path> blockedHashes();

    /**
     * The largest record that is written, key and headers included, in bytes; a tweet over it becomes a dead letter. Stay under the topics'
     * {@code max.message.bytes} and the producer's {@code max.request.size}.
     */
    @WithDefault("1000000")
    @Min(1 << 10)
    @Max(16 << 20)
    int maxEventBytes();

    /** Shares of the splits. */
    SplitSettings split();

    /** Where the decider's stores lie on this machine; lost, they are restored from the broker. */
    @WithDefault("state")
    Path stateDir();

    /** Threads of the topology. */
    @WithDefault("1")
    int threads();

    /** How often the topology commits. Consumers see its results after that. */
    @WithDefault("200ms")
    Duration commitInterval();

    /** Further copies of the decider's stores on other instances, from which one takes over without restoring. */
    @WithDefault("0")
    int standbyReplicas();

    /** Copies of the topology's own topics on the brokers; -1 is the brokers' default. */
    @WithDefault("-1")
    int replicationFactor();

    /** The shard packer. */
    ShardSettings shards();

    /** One data set; what is left out comes from the preset of that name, or from {@link #preset()}. */
    interface DataSetSettings {

        /** The preset to begin with: flat, unb, bal or bal-flat. */
        Optional<@Pattern(regexp = "bal|bal-flat|flat|unb", message = "must be bal, bal-flat, flat or unb") String>
                preset();

        /** What the probability of a label must exceed. */
        ThresholdSettings threshold();

        /** none or undersample. */
        Optional<BalanceName> balance();

        /** How much classes may differ under undersample, in photos, at least 1. */
        @Min(1)
        OptionalLong slack();

        /** remove or keep: what becomes of a photo that is a near duplicate of one it has; removed, unless told otherwise. */
        Optional<NearDuplicateRule> nearDuplicates();

        /** What it takes from: feeds (x, bluesky, …) and tags of crawls, which are their `crawler.name`; without it, everything. */
        Optional<List<String>> sources();

        /** It takes tweets created at this moment or later, for example 2022-04-04T00:00:00Z. */
        Optional<Instant> since();

        /** It takes tweets created before this moment. */
        Optional<Instant> until();

        /** Most samples in a shard of this data set. */
        @Min(1)
        @Max(1_000_000)
        OptionalInt maxSamples();

        /** Most bytes in a shard of this data set. */
        @Min(1)
        @Max(1L << 30)
        OptionalLong maxBytes();
    }

    /** How classes are balanced. */
    enum BalanceName {
        /** Not at all. */
        NONE,
        /** What a class has more of than the smallest one is left out. */
        UNDERSAMPLE
    }

    /** What becomes of a photo that is a near duplicate. */
    enum NearDuplicateRule {
        /** It is left out. */
        REMOVE,
        /** It is taken like any other. */
        KEEP
    }

    /** Probabilities of at least 0 and less than 1. */
    interface ThresholdSettings {

        /** For negative. */
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        OptionalDouble negative();

        /** For neutral. */
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        OptionalDouble neutral();

        /** For positive. */
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        OptionalDouble positive();
    }

    /** How a data set is divided. */
    interface SplitSettings {

        /** What must not straddle two splits: tweet or author. */
        @WithDefault("tweet")
        Splits.By by();

        /** Share of train. */
        @WithDefault("80")
        @Min(0)
        @Max(1_000_000)
        int train();

        /** Share of val. */
        @WithDefault("10")
        @Min(0)
        @Max(1_000_000)
        int val();

        /** Share of test. */
        @WithDefault("10")
        @Min(0)
        @Max(1_000_000)
        int test();
    }

    /** How photos become shards. */
    interface ShardSettings {

        /** Most samples in one shard. */
        @WithDefault("1000")
        @Min(1)
        @Max(1_000_000)
        int maxSamples();

        /** Most bytes in one shard. What is open of a partition is in memory. */
        @WithDefault("67108864")
        @Min(1)
        @Max(1L << 30)
        long maxBytes();

        /** Largest time between the arrivals of the oldest and the newest tweet of a cut. */
        @WithDefault("24h")
        Duration maxSpan();

        /** A partition with open shards that gets nothing for this long is cut: for live feeds. */
        @WithDefault("5m")
        Duration idle();

        /** Longest side of a photo in a shard, in pixels; longer ones are scaled down. */
        @WithDefault("512")
        @Min(32)
        @Max(8192)
        int side();

        /** A photo whose shorter side would be less than this, in pixels, once it is scaled down is rejected. */
        @WithDefault("32")
        @Min(1)
        int minSide();

        /** JPEG quality of photos that are encoded anew, 0 to 1. */
        @WithDefault("0.9")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax("1")
        float jpegQuality();

        /** Largest photo that is decoded, in pixels. */
        @WithDefault("40000000")
        @Min(1)
        @Max(Integer.MAX_VALUE / 4)
        long maxPixels();

        /** How many photos are decoded at once. */
        @WithDefault("2")
        @Min(1)
        @Max(1000)
        int decoders();

        /** How many photos are fetched ahead of the one that is packed. */
        @WithDefault("8")
        @Min(1)
        @Max(1000)
        int prefetch();

        /** Not alive when records wait and none was packed for this long. */
        @WithDefault("3m")
        Duration stuckAfter();
    }
}
