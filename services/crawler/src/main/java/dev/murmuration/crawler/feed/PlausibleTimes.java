package dev.murmuration.crawler.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Which times of strangers can be true: from 2006, when the first of these networks began, to a little ahead of our clock. Whatever else they say is replaced by
 * the time of arrival and counted, so that no format and no order behind the feeds meets a time that it cannot hold. Safe for use by many threads.
 */
public final class PlausibleTimes {

    /** The earliest time that is believed. */
    static final Instant EARLIEST = Instant.parse("2006-01-01T00:00:00Z");

    private final Clock clock;
    private final Duration skew;
    private final Oddities oddities;

    /**
     * By this clock.
     *
     * @param skew how far ahead of it others' clocks may be
     * @param oddities count the times that are replaced
     */
    public PlausibleTimes(Clock clock, Duration skew, Oddities oddities) {
        this.clock = clock;
        this.skew = skew;
        this.oddities = oddities;
    }

    /** Our own clock. */
    Clock clock() {
        return clock;
    }

    /** What counts oddities. */
    Oddities oddities() {
        return oddities;
    }

    /** Whether this can be when something was posted; both ends are in. */
    boolean includes(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(clock.instant().plus(skew));
    }

    /** This time, or else that one, which is ours. */
    Instant believed(Instant said, Instant ours) {
        if (includes(said)) {
            return said;
        }
        oddities.count(Oddities.Kind.IMPLAUSIBLE_TIME, "");
        return ours;
    }

    /** The times of a post that says it was created then and arrived at that time. */
    Times times(Instant said, Instant arrived) {
        return new Times(believed(said, arrived), arrived);
    }

    /** The times of a post that arrives now. */
    Times now(Instant said) {
        return times(said, clock.instant());
    }
}
