package dev.murmuration.crawler.feed.recorded;

import dev.murmuration.crawler.feed.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lets a recording pass in a multiple of its own time. */
final class Pace {

    private final double speed;
    private final long longestPause;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private @Nullable Instant before;
    private long due;

    Pace(double speed, Duration longestPause) {
        this(speed, longestPause, System::nanoTime, Thread::sleep);
    }

    /**
     * With another clock.
     *
     * @param speed 2 for twice as fast as it was; 0 for no waiting at all
     * @param longestPause between two posts
     */
    Pace(double speed, Duration longestPause, LongSupplier nanoTime, Pause pause) {
        this.speed = speed;
        this.longestPause = longestPause.toNanos();
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** Waits until it is time for what was posted then. A post that is older than the one before it is not waited for. */
    void await(Instant posted) throws InterruptedException {
        if (speed == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (before == null) {
            before = posted;
            due = now;
        } else if (posted.isAfter(before)) {
            double nanos = Duration.between(before, posted).toMillis() * 1e6 / speed;
            due += nanos < longestPause ? (long) nanos : longestPause;
            before = posted;
        }
        if (due > now) {
            pause.sleep(Duration.ofNanos(due - now));
        }
    }
}
