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

    /** Which feed: recorded, simulator, x, bluesky or mastodon. */
    @WithDefault("simulator")
    String feed();

    /**
     * What this crawl is called: under that name its cursor is kept, and it is the tag of its tweets, by which a data set can take from this crawl alone. The
     * feed's own name if not set. Two streams read one after the other need two.
     */
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

    /**
     * How many photos of one post are taken, the first ones; the others are refused as too-many-photos. 20 is the most that any of the networks allows: the lexicon of
     * Bluesky's galleries.
     */
    @WithDefault("20")
    int maxPhotos();

    /** The largest event that is sent; a post whose event is larger is refused. Less than the broker's limit of 1 MiB, so that the teacher can add its scores. */
    @WithDefault("900000")
    int maxEventBytes();

    /** How many deliveries are examined ahead of the one whose turn it is. */
    @WithDefault("256")
    int ahead();

    /** Bytes of photos in memory at once, from when their size is known until they are stored. */
    @WithDefault("134217728")
    long memoryBytes();

    /** Not alive when a delivery has waited this long for its turn. */
    @WithDefault("3m")
    Duration stuckAfter();

    /**
     * How far clocks of others may be ahead of ours. A post's time later than that, or from before 2006, is not believed: the time of its arrival stands in for it.
     */
    @WithDefault("5m")
    Duration clockSkew();

    /** When a transaction is cut: whichever comes first. */
    Transaction transaction();

    /** The recorded feed. */
    Recorded recorded();

    /** What X, Bluesky and Mastodon have in common. */
    Live live();

    /** The feed of X. */
    X x();

    /** The feed of Bluesky. */
    Bluesky bluesky();

    /** The feed of a Mastodon server. */
    Mastodon mastodon();

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

        /** Waits for more at the end of the file, for whoever writes it. Not of gzip. */
        @WithDefault("false")
        boolean tail();

        /** A multiple of the time in which it was posted; 0 for as fast as it is taken. */
        @WithDefault("0")
        double speed();

        /** With a speed: no silence is kept for longer than this. */
        @WithDefault("1m")
        Duration longestPause();
    }

    /** Connections to live feeds. */
    interface Live {
        /** Until a connection stands. */
        @WithDefault("10s")
        Duration connectTimeout();

        /** A connection that gives no sign of life for this long is dead. X sends one every 20 s at the latest, Mastodon every 15 s. */
        @WithDefault("20s")
        Duration stallAfter();

        /** Bytes of the longest message; longer ones are malformed. */
        @WithDefault("262144")
        int maxMessageBytes();
    }

    /** X's API v2. */
    interface X {
        /** Its address. */
        @WithDefault("https://api.x.com")
        String url();

        /** sampled or filtered. */
        @WithDefault("sampled")
        String stream();

        /** The bearer token. */
        Optional<String> bearerToken();

        /** A file that holds the bearer token and nothing else. */
        Optional<String> bearerTokenFile();

        /** How much is asked for again after a break, as far as the account's access level allows it. */
        @WithDefault("0")
        int backfillMinutes();
    }

    /** Bluesky's Jetstream. */
    interface Bluesky {
        /** A Jetstream server. */
        @WithDefault("wss://jetstream2.us-east.bsky.network/subscribe")
        String url();

        /** Where a photo is; {did} is the author, {cid} the photo. */
        @WithDefault("https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg")
        String photoUrl();

        /** How far back a new connection begins: events are only nearly in the order of their times. What came already is known. */
        @WithDefault("5s")
        Duration rewind();

        /** How long the server keeps events: a cursor that is older leaves a gap. */
        @WithDefault("24h")
        Duration lookBack();

        /** Jetstream's zstd dictionary, to have messages compressed. */
        Optional<String> zstdDictionary();
    }

    /** A Mastodon server. */
    interface Mastodon {
        /** Its address, such as https://mastodon.social. */
        Optional<String> url();

        /** public, local or remote. */
        @WithDefault("public")
        String timeline();

        /** The access token, if the server asks for one. */
        Optional<String> accessToken();

        /** A file that holds the access token and nothing else. */
        Optional<String> accessTokenFile();
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

        /** Fetches at once in all. */
        @WithDefault("64")
        int parallel();

        /** Fetches at once from one host. */
        @WithDefault("8")
        int parallelPerHost();

        /** How often a photo is asked for when its server answers 429, 502, 503 or 504 or breaks the connection, all within the timeout. */
        @WithDefault("3")
        int tries();

        /** Before the second try, doubled before each further one; a Retry-After takes its place. */
        @WithDefault("500ms")
        Duration retryPause();

        /** A host that refuses this often in a row, in that way, is left alone for a while. */
        @WithDefault("20")
        int refusals();

        /** How long a host that keeps refusing is left alone: its photos are refused at once. */
        @WithDefault("1m")
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
    }

    /** Photos as such. */
    interface Inspect {
        /** Pixels of the largest photo that is decoded, and of all that are decoded at once. */
        @WithDefault("40000000")
        long maxPixels();

        /** Pixels of the shortest side. */
        @WithDefault("32")
        int minSide();

        /** Longest side of a photo in a shard: one whose shorter side would be less than min-side once it is scaled to that is refused. */
        @WithDefault("512")
        int scaledSide();

        /** Passes over all pixels that a progressive JPEG may have. */
        @WithDefault("100")
        int maxScans();

        /** Decoding one photo takes no longer. */
        @WithDefault("20s")
        Duration timeout();

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

        /** The simulator writes the labelled photos of this benchmark to the object store before it streams, unless they are there. */
        Optional<String> benchmark();

        /** How many photos the benchmark has. */
        @WithDefault("600")
        int benchmarkPhotos();
    }
}
