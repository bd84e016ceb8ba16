package dev.murmuration.console.track;

import java.time.Duration;

/**
 * The moment at which a search ends, whether or not it has read everything.
 *
 * @param limit how long the search may take
 * @param end of it, by {@link System#nanoTime}
 */
record Deadline(Duration limit, long end) {

    static Deadline in(Duration limit) {
        return new Deadline(limit, System.nanoTime() + limit.toNanos());
    }

    /** The time that remains; zero once it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    boolean isOver() {
        return left().isZero();
    }
}
