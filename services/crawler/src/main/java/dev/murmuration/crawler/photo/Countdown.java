package dev.murmuration.crawler.photo;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time that a request has: when it is over, something happens. It stands still while the request waits for something of ours. For one thread. */
final class Countdown implements AutoCloseable {

    private final ScheduledExecutorService timer;
    private final Runnable atTheEnd;
    private long left;
    private long since;
    private Future<?> end;
    private volatile boolean over;

    /** Begins at once. */
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

    /** Stands still from here on. */
    void stop() {
        end.cancel(false);
        left -= System.nanoTime() - since;
    }

    /** Goes on. */
    void resume() {
        left = Math.max(1, left);
        since = System.nanoTime();
        end = timer.schedule(this::end, left, TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
        return over;
    }

    /** Nanoseconds that were left when it was stopped or closed. */
    long left() {
        return left;
    }

    @Override
    public void close() {
        stop();
    }
}
