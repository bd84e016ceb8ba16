package dev.murmuration.crawler.photo;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The time limit of a request; runs an action when it expires. It is paused while the request waits for a resource of ours. Not
 * thread-safe.
 */
final class Countdown implements AutoCloseable {

    private final ScheduledExecutorService timer;
    private final Runnable atTheEnd;
    private long left;
    private long since;
    private Future<?> end;
    private volatile boolean over;

    /** Starts the clock. */
    Countdown(ScheduledExecutorService timer, long nanos, Runnable atTheEnd) {
        this.timer = timer;
        this.atTheEnd = atTheEnd;
        this.left = Math.max(1, nanos);
        this.since = System.nanoTime();
        this.end = timer.schedule(this::end, left, TimeUnit.NANOSECONDS);
    }

    private void end() {
        over = true;
        atTheEnd.run();
    }

    /** Pauses the clock. */
    void stop() {
        end.cancel(false);
        left -= System.nanoTime() - since;
    }

    /** Resumes the clock. */
    void resume() {
        left = Math.max(1, left);
        since = System.nanoTime();
        end = timer.schedule(this::end, left, TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
        return over;
    }

    /** Remaining nanoseconds when it was paused or closed. */
    long left() {
        return left;
    }

    @Override
    public void close() {
        stop();
    }
}
