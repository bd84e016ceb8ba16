package dev.murmuration.crawler.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Accepts untrusted times from 2006, when the first of these networks started, to a little ahead of our clock. Any other time is replaced
 * by the time of arrival and counted, so that no format and no ordering downstream meets a time that it cannot represent. Safe for use by
 * many threads.
 */
public final class PlausibleTimes {

    /** The earliest time that is accepted. */
    public static final Instant EARLIEST = Instant.parse("2006-01-01T00:00:00Z");

    private final Clock clock;
    private final Duration skew;
    private final Oddities oddities;

    /**
     * Creates the check against this clock.
     *
     * @param skew how far other clocks may be ahead of it
     * @param oddities counts the replaced times
     */
    public PlausibleTimes(Clock clock, Duration skew, Oddities oddities) {
        this.clock = clock;
        this.skew = skew;
        this.oddities = oddities;
    }

    /** Returns our own clock. */
    public Clock clock() {
        return clock;
    }

    /** Returns the counter of oddities. */
    public Oddities oddities() {
        return oddities;
    }

    /** Whether this is a plausible time of posting; both bounds are inclusive. */
    public boolean includes(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(clock.instant().plus(skew));
    }

    /** Returns the claimed time if it is plausible, or else our own. */
    public Instant believed(Instant said, Instant ours) {
        if (includes(said)) {
            return said;
        }
        oddities.count(Oddities.Kind.IMPLAUSIBLE_TIME, "");
        return ours;
    }

    /** Returns the times of a post with this claimed time of creation and this time of arrival. */
    public Times times(Instant said, Instant arrived) {
        return new Times(believed(said, arrived), arrived);
    }

    /** Returns the times of a post that arrives now. */
    public Times now(Instant said) {
        return times(said, clock.instant());
    }
}
