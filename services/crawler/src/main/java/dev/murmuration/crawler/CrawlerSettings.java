package dev.murmuration.crawler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the crawler reads, admits, fetches and keeps. */
@ConfigMapping(prefix = "crawler")
interface CrawlerSettings {

    /** Which feed: recorded or simulator. */
    @WithDefault("simulator")
    String feed();

    /** Under which name its cursor is kept; the feed's own name if not set. Two streams read one after the other need two. */
    Optional<String> name();

    /** Language codes that are admitted. */
    @WithDefault("en")
    Set<String> languages();

    /** A text needs more words than this. */
    @WithDefault("5")
    int moreThanWords();

    /** Authors leave the crawler only as a hash under this salt. Keep it secret and never change it. */
    @WithDefault("murmuration")
    String authorSalt();

    /** How many ids delivered last are remembered, so that what a feed sends again is dropped. */
    @WithDefault("2000")
    int recentIds();

    /** How many tweets sent last are remembered, so that their deletions are passed on. */
    @WithDefault("100000")
    int sentTweets();

    /** How many deliveries are examined ahead of the one whose turn it is. */
    @WithDefault("256")
    int ahead();

    /** Bytes of photos in memory at once; divided by {@code crawler.fetch.max-bytes} it is how many are fetched at once. */
    @WithDefault("134217728")
    long memoryBytes();

    /** Not alive when a delivery has waited this long for its turn. */
    @WithDefault("3m")
    Duration stuckAfter();

    /** When a transaction is cut: whichever comes first. */
    Transaction transaction();

    /** The recorded feed. */
    Recorded recorded();

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
        int records();

        /** Time since its first delivery was settled. */
        @WithDefault("1s")
        Duration maxAge();
    }

    /** The recorded feed. */
    interface Recorded {
        /** Folder with tweets.jsonl or tweets.jsonl.gz, or such a file. */
        Optional<String> path();

        /** Bytes of the longest line; longer ones are malformed. */
        @WithDefault("1048576")
        int maxLineBytes();
    }

    /** Photos over http. */
    interface Fetch {
        /** From the first request to the last byte, redirects included. */
        @WithDefault("10s")
        Duration timeout();

        /** Bytes of the largest photo, also of those in a recorded folder. */
        @WithDefault("10485760")
        int maxBytes();

        /** Redirects that are followed. */
        @WithDefault("3")
        int redirects();

        /** Fetches at once from one host. */
        @WithDefault("8")
        int parallelPerHost();

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
    }

    /** Photos as such. */
    interface Inspect {
        /** Pixels of the largest photo that is decoded, and of all that are decoded at once. */
        @WithDefault("40000000")
        long maxPixels();

        /** Pixels of the shortest side. */
        @WithDefault("32")
        int minSide();

        /** Photos decoded at once; as many as there are processors if not set. */
        OptionalInt parallel();
    }

    /** The simulated feed. */
    interface Simulator {
        /** Everything it sends follows from this. */
        @WithDefault("42")
        long seed();

        /** How many deliveries it sends; 0 for no end. */
        @WithDefault("2500")
        long records();

        /** Deliveries per second; 0 for as many as are taken. */
        @WithDefault("0")
        double rate();

        /** Pixels of a photo's longer side. */
        @WithDefault("192")
        int photoSide();

        /** How often a text says what its photo shows. */
        @WithDefault("0.85")
        double agreement();

        /** Shares of negative, neutral and positive scenes. */
        @WithDefault("0.34,0.32,0.34")
        List<Double> mix();

        /** Share of deliveries that are noise: other languages, replies, broken photos, deletions, repetitions, nonsense. */
        @WithDefault("0.2")
        double noise();

        /** Writes the labelled photos of this benchmark to the object store before it streams, unless they are there. */
        Optional<String> benchmark();

        /** How many photos the benchmark has. */
        @WithDefault("600")
        int benchmarkPhotos();
    }
}
