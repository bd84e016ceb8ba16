package dev.murmuration.crawler.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves. */
public final class HandClock extends Clock {

    private volatile Instant now = Instant.parse("2026-07-01T12:00:00Z");

    /** What can be true by this clock, with five minutes to spare. */
    public PlausibleTimes times() {
        return times(Oddities.ignored());
    }

    /** The same, and what is odd goes here. */
    public PlausibleTimes times(Oddities oddities) {
        return new PlausibleTimes(this, Duration.ofMinutes(5), oddities);
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
