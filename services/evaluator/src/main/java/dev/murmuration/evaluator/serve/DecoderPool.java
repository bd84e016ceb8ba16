package dev.murmuration.evaluator.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that decode photos. A slow photo delays no other: a spare thread replaces its thread meanwhile, up to as many spares as there are
 * threads.
 */
final class DecoderPool implements AutoCloseable {

    private final int threads;
    private final Duration slowAfter;
    private final ThreadPoolExecutor decoders;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("desk-watch").factory());

    @GuardedBy("this")
    private int slow;

    /**
     * Creates the pool without starting a thread.
     *
     * @param threads number of decoding threads
     * @param slowAfter how long a photo may take before another thread takes its place
     * @param queue maximum number of waiting photos
     */
    DecoderPool(int threads, Duration slowAfter, int queue) {
        this.threads = threads;
        this.slowAfter = slowAfter;
        // Platform threads: decoders load classes with native code, which would pin the carriers of virtual ones.
        this.decoders = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().daemon().name("desk-decode-", 0).factory());
    }

    /**
     * Runs the task when a thread is free.
     *
     * @throws RejectedExecutionException if the queue is full, or after close
     */
    void execute(Runnable decoding) {
        decoders.execute(() -> watched(decoding));
    }

    /** The task of one photo; guarded by this object. */
    private static final class Work {
        private boolean isDone;
        private boolean isReplaced;
    }

    private void watched(Runnable decoding) {
        Work work = new Work();
        Future<?> overdue = watch.schedule(() -> replace(work), slowAfter.toMillis(), TimeUnit.MILLISECONDS);
        try {
            decoding.run();
        } finally {
            overdue.cancel(false);
            end(work);
        }
    }

    private synchronized void replace(Work work) {
        if (!work.isDone && slow < threads) {
            work.isReplaced = true;
            slow++;
            resize();
        }
    }

    private synchronized void end(Work work) {
        work.isDone = true;
        if (work.isReplaced) {
            slow--;
            resize();
        }
    }

    @GuardedBy("this")
    private void resize() {
        int wanted = threads + slow;
        if (wanted > decoders.getMaximumPoolSize()) {
            decoders.setMaximumPoolSize(wanted);
            decoders.setCorePoolSize(wanted);
        } else {
            decoders.setCorePoolSize(wanted);
            decoders.setMaximumPoolSize(wanted);
        }
    }

    /** Interrupts running decodes and discards waiting ones. */
    @Override
    public void close() {
        decoders.shutdownNow();
        watch.shutdownNow();
    }
}
