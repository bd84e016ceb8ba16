package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Preference;
import dev.murmuration.stage.settings.CheckedBy;
import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the crawler reads, admits, fetches and keeps. */
@ConfigMapping(prefix = "crawler")
@CheckedBy(CrawlerRules.class)
interface CrawlerSettings {

    /** Which feed: recorded, simulator, x, bluesky or mastodon. */
    // Not an enum, which would accept other spellings: the transactional id contains this one.
    @WithDefault("simulator")
    @Pattern(
            regexp = "recorded|simulator|x|bluesky|mastodon",
            message = "must be recorded, simulator, x, bluesky or mastodon")
    String feed();

    /**
     * What this crawl is called: under that name its cursor is kept, and it is the tag of its tweets, by which a data set can
     * take from this crawl alone. The feed's own name if not set. Two streams read one after the other need two.
     */
    Optional<
                    @Pattern(
                            regexp = "(?!\\s*$)[^/]{1,128}",
                            message = "must not be blank, must not contain a slash and have at most 128 characters")
                    String>
            name();

    /** Language codes that are admitted. */
    @WithDefault("en")
    Set<String> languages();

    /** A text needs more words than this. */
    @WithDefault("5")
    @Min(0)
    @Max(1_000)
    int moreThanWords();

    /**
     * What authors can say against the use of their posts that keeps them out, and takes out what came earlier: noindex,
     * not-indexable, nobot (Mastodon), labels (Bluesky, of one post), bulk-dataset, synthetic-content-generation (declared by
     * Bluesky accounts, org.user-intents.declaration). An empty value honours none. That an account is not indexable is how
     * Mastodon's accounts start, so most posts have it.
     */
    @WithDefault("noindex,nobot,labels,bulk-dataset,synthetic-content-generation")
    Optional<Set<Preference>> honouredPreferences();

    /** How many authors' declarations are remembered; of more, the oldest are forgotten. */
    @WithDefault("1000000")
    @Min(1)
    @Max(100_000_000)
    int declaredAuthors();

    /**
     * Within this time the network expects a deletion to be followed everywhere: X's developer policy has 24 hours. The alert
     * DeletionsBehind compares it with how long the oldest deletion has been waiting for redact.
     */
    @WithDefault("24h")
    @DurationRange(min = 1_000, max = 1L << 40)
    Duration followDeletionsWithin();

    /** Authors leave the crawler only as a hash under this salt. Keep it secret and never change it. */
    @WithDefault("murmuration")
    @NotBlank
    String authorSalt();

    /** How many ids delivered last are remembered, so that what a feed sends again is dropped. */
    @WithDefault("2000")
    @Min(0)
    @Max(20_000)
    int recentIds();

    /** How many tweets sent last are remembered, so that their deletions are passed on. */
    @WithDefault("100000")
    @Min(0)
    @Max(10_000_000)
    int sentTweets();

    /**
     * How many photos of one post are taken, the first ones; the others are refused as too-many-photos. 20 is the most that any
     * of the networks allows: the lexicon of Bluesky's galleries.
     */
    @WithDefault("20")
    @Min(1)
    @Max(1_000)
    int maxPhotos();

    /**
     * The largest event that is sent; a post whose event is larger is refused. Less than the broker's limit of 1 MiB, so that the
     * teacher can add its scores.
     */
    @WithDefault("900000")
    @Min(1 << 10)
    @Max(1 << 24)
    int maxEventBytes();

    /** How many deliveries are examined ahead of the one whose turn it is. */
    @WithDefault("256")
    @Min(1)
    @Max(100_000)
    int ahead();

    /** Bytes of photos in memory at once, from when their size is known until they are stored. */
    @WithDefault("134217728")
    @Max(1L << 36)
    long memoryBytes();

    /** Not alive when a delivery has waited this long for its turn. */
    @WithDefault("3m")
    Duration stuckAfter();

    /**
     * How far clocks of others may be ahead of ours. A post's time later than that, or from before 2006, is not believed: the
     * time of its arrival stands in for it.
     */
    @WithDefault("5m")
    @DurationRange(min = 0, max = 86_400_000)
    Duration clockSkew();

    /** When a transaction is cut: whichever comes first. */
    Transaction transaction();

    /** The recorded feed. */
    Recorded recorded();

    /** What X, Bluesky and Mastodon have in common. */
    LiveSettings.Live live();

    /** The feed of X. */
    LiveSettings.X x();

    /** The feed of Bluesky. */
    LiveSettings.Bluesky bluesky();

    /** The feed of a Mastodon server. */
    LiveSettings.Mastodon mastodon();

    /** Photos over http. */
    Fetch fetch();

    /** Photos as such. */
    Inspect inspect();

    /** The simulated feed. */
    Simulator simulator();

    /** Limits of a transaction. */
    interface Transaction {
        /** Deliveries. */
        @WithDefault("200")
        @Min(1)
        @Max(100_000)
        int records();

        /** Time since its first delivery was settled. */
        @WithDefault("1s")
        @DurationRange(min = 1, max = 30_000)
        Duration maxAge();
    }

    /** The recorded feed. */
    interface Recorded {
        /** Folder with tweets.jsonl or tweets.jsonl.gz, or such a file. */
        Optional<String> path();

        /** Bytes of the longest line; longer ones are malformed. */
        @WithDefault("1048576")
        @Min(1 << 10)
        @Max(1 << 28)
        int maxLineBytes();

        /** Waits for more at the end of the file, for whoever writes it. Not of gzip. */
        @WithDefault("false")
        boolean tail();

        /** A multiple of the time in which it was posted; 0 for as fast as it is taken. */
        @WithDefault("0")
        @DecimalMin("0")
        @DecimalMax("1000000")
        double speed();

        /** With a speed: no silence is kept for longer than this. */
        @WithDefault("1m")
        @DurationRange(min = 0, max = 86_400_000)
        Duration longestPause();
    }

    /** Photos over http. */
    interface Fetch {
        /** From the first request to the last byte, redirects included. */
        @WithDefault("10s")
        @DurationRange(min = 1, max = 600_000)
        Duration timeout();

        /** Bytes of the largest photo, also of those in a recorded folder. */
        @WithDefault("10485760")
        @Min(1 << 10)
        @Max(1 << 30)
        int maxBytes();

        /** Redirects that are followed. */
        @WithDefault("3")
        @Min(0)
        @Max(20)
        int redirects();

        /** Fetches at once in all. */
        @WithDefault("64")
        @Min(1)
        @Max(10_000)
        int parallel();

        /** Fetches at once from one host. */
        @WithDefault("8")
        @Min(1)
        @Max(1_000)
        int parallelPerHost();

        /** How often a photo is asked for when its server answers 429, 502, 503 or 504 or breaks the connection, all within the timeout. */
        @WithDefault("3")
        @Min(1)
        @Max(10)
        int tries();

        /** Before the second try, doubled before each further one; a Retry-After takes its place. */
        @WithDefault("500ms")
        @DurationRange(min = 1, max = 600_000)
        Duration retryPause();

        /** A host that refuses this often in a row, in that way, is left alone for a while. */
        @WithDefault("20")
        @Min(1)
        @Max(1_000_000)
        int refusals();

        /** How long a host that keeps refusing is left alone: its photos are refused at once. */
        @WithDefault("1m")
        @DurationRange(min = 0, max = 86_400_000)
        Duration rest();

        /** Ports that are connected to. */
        @WithDefault("80,443")
        Set<Integer> ports();

        /** Networks (address/bits) that are allowed although they are not public, such as an image proxy's. */
        Optional<List<String>> allowedNetworks();

        /** Our name in User-Agent and to X-Robots-Tag. */
        @WithDefault("murmuration")
        String agent();

        /** Directives of X-Robots-Tag that forbid a photo. */
        @WithDefault("noai,noimageai")
        Set<String> robots();

        /**
         * Labels of Content-Usage (IETF AIPREF) that our use falls under, the most specific first: a photo is refused if the first
         * of them that has a preference says n. An empty value honours none. bots and all are of earlier drafts.
         */
        @WithDefault("train-ai,bots,all")
        Optional<List<String>> contentUsage();

        /** The robots.txt of the photos' hosts. */
        LiveSettings.RobotsTxt robotsTxt();
    }

    /** Photos as such. */
    interface Inspect {
        /** Pixels of the largest photo that is decoded, and of all that are decoded at once. */
        @WithDefault("40000000")
        @Min(1 << 10)
        @Max(1L << 30)
        long maxPixels();

        /** Pixels of the shortest side. */
        @WithDefault("32")
        @Min(5)
        @Max(10_000)
        int minSide();

        /** Longest side of a photo in a shard: one whose shorter side would be less than min-side once it is scaled to that is refused. */
        @WithDefault("512")
        @Min(32)
        @Max(1 << 16)
        int scaledSide();

        /** Passes over all pixels that a progressive JPEG may have. */
        @WithDefault("100")
        @Min(1)
        @Max(10_000)
        int maxScans();

        /** Decoding one photo takes no longer. */
        @WithDefault("20s")
        @DurationRange(min = 1, max = 600_000)
        Duration timeout();

        /** Photos decoded at once; as many as there are processors if not set. */
        @Min(1)
        @Max(1_000)
        OptionalInt parallel();
    }

    /** The simulated feed. */
    interface Simulator {

        /** Everything it sends follows from this. */
        @WithDefault("42")
        long seed();

        /** How many deliveries it sends; 0 for no end. */
        @WithDefault("2500")
        @Min(0)
        long records();

        /** Deliveries per second; 0 for as many as are taken. */
        @WithDefault("0")
        @DecimalMin("0")
        @DecimalMax("1000000")
        double rate();

        /** Pixels of a photo's longer side. */
        @WithDefault("192")
        @Min(64)
        @Max(2_048)
        int photoSide();

        /** How often a text says what its photo shows. */
        @WithDefault("0.85")
        @DecimalMin("0")
        @DecimalMax("1")
        double agreement();

        /** Shares of negative, neutral and positive scenes. */
        @WithDefault("0.34,0.32,0.34")
        @Size(min = 3, max = 3, message = "must be three shares: of negative, neutral and positive scenes")
        List<@DecimalMin("0") @DecimalMax("1000000") Double> mix();

        /** Share of deliveries that are noise: other languages, replies, broken photos, deletions, repetitions, nonsense. */
        @WithDefault("0.2")
        @DecimalMin("0")
        @DecimalMax("1")
        double noise();

        /** The simulator writes the labelled photos of this benchmark to the object store before it streams, unless they are there. */
        Optional<String> benchmark();

        /** How many photos the benchmark has. */
        @WithDefault("600")
        @Min(3)
        @Max(100_000)
        int benchmarkPhotos();
    }
}
