package dev.murmuration.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Whether the crawl moves: what was read is to be committed before long. Safe for use by many threads. */
final class StallDetector {

    private final Clock clock;
    private final Duration stuckAfter;

    @GuardedBy("this")
    private long waiting;

    @GuardedBy("this")
    private Instant since;

    StallDetector(Clock clock, Duration stuckAfter) {
        this.clock = clock;
        this.stuckAfter = stuckAfter;
        this.since = clock.instant();
    }

    /** A delivery was read. */
    synchronized void read() {
        if (waiting == 0) {
            since = clock.instant();
        }
        waiting++;
    }

    /** So many deliveries are committed. */
    synchronized void committed(int deliveries) {
        waiting -= deliveries;
        since = clock.instant();
    }

    /** Deliveries wait, and none was committed for too long. */
    synchronized boolean isStuck() {
        return waiting > 0 && since.plus(stuckAfter).isBefore(clock.instant());
    }
}
