package dev.murmuration.crawler.feed.live;

import java.time.Duration;

/**
 * How long to wait before connecting again, as X documents it for its streams ("Handling disconnections"): at once after a
 * connection that worked, then 250 ms more after each failure of the network up to 16 s; after an HTTP error 5 s, doubled up to
 * 320 s; after 429, 1 minute, doubled up to its window of 16 minutes. Networks that document nothing get the same.
 */
final class Backoff {

    /** The kind of failure. */
    enum Trouble {
        NETWORK,
        HTTP,
        RATE_LIMIT
    }

    private static final Duration NETWORK_STEP = Duration.ofMillis(250);
    private static final Duration NETWORK_MAX = Duration.ofSeconds(16);
    private static final Duration HTTP_FIRST = Duration.ofSeconds(5);
    private static final Duration HTTP_MAX = Duration.ofSeconds(320);
    private static final Duration RATE_LIMIT_FIRST = Duration.ofMinutes(1);
    private static final Duration RATE_LIMIT_MAX = Duration.ofMinutes(16);
    private static final int MAX_DOUBLINGS = 16;

    private int network;
    private int http;
    private int rateLimit;
    private boolean working;

    /** The connection delivered something: the next failure counts as the first. */
    void works() {
        network = 0;
        http = 0;
        rateLimit = 0;
        working = true;
    }

    /** The wait after this failure. */
    Duration after(Trouble trouble) {
        boolean dropped = working;
        working = false;
        return switch (trouble) {
            case NETWORK -> dropped ? Duration.ZERO : least(NETWORK_STEP.multipliedBy(++network), NETWORK_MAX);
            case HTTP -> least(doubled(HTTP_FIRST, http++), HTTP_MAX);
            case RATE_LIMIT -> least(doubled(RATE_LIMIT_FIRST, rateLimit++), RATE_LIMIT_MAX);
        };
    }

    private static Duration doubled(Duration first, int times) {
        return first.multipliedBy(1L << Math.min(times, MAX_DOUBLINGS));
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
