package dev.murmuration.crawler.examine;

import dev.murmuration.crawler.photo.Room;
import java.util.concurrent.Semaphore;

/** Bytes of photos that may be in memory at once, from before they are read until they are stored. Safe for use by many threads. */
public final class ByteBudget {

    private static final int BYTES_PER_PERMIT = 1 << 10;

    private final Semaphore permits;
    private final int all;

    /** Allows this many bytes in all. */
    public ByteBudget(long bytes) {
        this.all = permits(bytes);
        this.permits = new Semaphore(all, true);
    }

    /** A part of the budget; closing gives it back. For one thread. */
    final class Lease implements Room, AutoCloseable {
        private int held;

        private Lease() {}

        /** Waits until this many bytes fit; more than the whole budget is the whole budget. */
        @Override
        public void reserve(long bytes) throws InterruptedException {
            if (held > 0) {
                throw new IllegalStateException("reserved twice");
            }
            int needed = Math.min(all, permits(bytes));
            permits.acquire(needed);
            held = needed;
        }

        /** Gives back what these bytes do not need. */
        void shrinkTo(long bytes) {
            int needed = Math.min(held, permits(bytes));
            permits.release(held - needed);
            held = needed;
        }

        @Override
        public void close() {
            permits.release(held);
            held = 0;
        }
    }

    /** Nothing yet. */
    Lease lease() {
        return new Lease();
    }

    private static int permits(long bytes) {
        return Math.toIntExact(bytes / BYTES_PER_PERMIT + 1);
    }
}
