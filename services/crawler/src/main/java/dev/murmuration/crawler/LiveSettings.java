package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.live.MastodonFeed;
import dev.murmuration.crawler.feed.live.XFeed;
import dev.murmuration.stage.settings.DurationRange;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;

/** Settings of the networks, which {@link CrawlerSettings} contains. */
interface LiveSettings {

    /** Connections to live feeds. */
    interface Live {
        /** Until a connection stands. */
        @WithDefault("10s")
        @DurationRange(min = 1, max = 600_000)
        Duration connectTimeout();

        /** A connection that gives no sign of life for this long is dead. X sends one every 20 s at the latest, Mastodon every 15 s. */
        @WithDefault("20s")
        @DurationRange(min = 100, max = 3_600_000)
        Duration stallAfter();

        /** Bytes of the longest message; longer ones are malformed. */
        @WithDefault("262144")
        @Min(1 << 10)
        @Max(1 << 24)
        int maxMessageBytes();
    }

    /** X's API v2. */
    interface X {
        /** Its address. */
        @WithDefault("https://api.x.com")
        String url();

        /** sampled or filtered. */
        @WithDefault("sampled")
        XFeed.Stream stream();

        /** The bearer token. */
        Optional<String> bearerToken();

        /** A file that holds the bearer token and nothing else. */
        Optional<String> bearerTokenFile();

        /** How much is asked for again after a break, as far as the account's access level allows it. */
        @WithDefault("0")
        @Min(0)
        @Max(5)
        int backfillMinutes();
    }

    /** Bluesky's Jetstream. */
    interface Bluesky {
        /** A Jetstream server. */
        @WithDefault("wss://jetstream2.us-east.bsky.network/subscribe")
        String url();

        /** Where a photo is; {did} is the author, {cid} the photo. */
        @WithDefault("https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg")
        @Pattern(regexp = "(?=.*\\{did}).*\\{cid}.*", message = "must hold {did} and {cid}")
        String photoUrl();

        /** How far back a new connection begins: events are only nearly in the order of their times. What came already is known. */
        @WithDefault("5s")
        @DurationRange(min = 0, max = 60_000)
        Duration rewind();

        /** How long the server keeps events: a cursor that is older leaves a gap. */
        @WithDefault("24h")
        @DurationRange(min = 1, max = 1L << 40)
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
        MastodonFeed.Timeline timeline();

        /** The access token, if the server asks for one. */
        Optional<String> accessToken();

        /** A file that holds the access token and nothing else. */
        Optional<String> accessTokenFile();
    }

    /** The robots.txt of the photos' hosts (RFC 9309). */
    interface RobotsTxt {
        /** For which feeds it is honoured. */
        enum Honoured {
            /** For those of networks: x, bluesky, mastodon. */
            LIVE,
            /** Also for the addresses in a recording. */
            ALWAYS,
            /** For none. */
            NEVER
        }

        /** For which feeds: live (x, bluesky, mastodon), always (recorded too) or never. */
        @WithDefault("live")
        Honoured honoured();

        /** How long a file is kept. */
        @WithDefault("24h")
        @DurationRange(min = 1_000, max = 86_400_000)
        Duration maxAge();

        /** How long to wait before a file that could not be read is requested again. */
        @WithDefault("10m")
        @DurationRange(min = 1_000, max = 86_400_000)
        Duration retryAfter();

        /**
         * How long a host whose file cannot be read gives no photos, unless its last file allows them; then it counts as one without
         * a file.
         */
        @WithDefault("720h")
        @DurationRange(min = 0, max = 1L << 40)
        Duration unreachableFor();
    }
}
