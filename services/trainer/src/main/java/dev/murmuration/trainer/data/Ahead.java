package dev.murmuration.trainer.data;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next thing while the one before it is used: never more than one ahead, always in order. For one thread.
 *
 * @param <T> what is made
 */
public final class Ahead<T> implements AutoCloseable {

    // Not a virtual thread: photos are decoded behind it, and class initialisation in image libraries would hold
    // carriers.
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("ahead").factory());
    private final LongFunction<T> maker;
    private final long end;
    private long index;
    private @Nullable Future<T> next;

    /**
     * Begins to make the first.
     *
     * @param from number of the first
     * @param end number after the last
     * @param maker makes the one of a number, on another thread
     */
    public Ahead(long from, long end, LongFunction<T> maker) {
        this.maker = maker;
        this.end = end;
        this.index = from;
        begin();
    }

    private void begin() {
        long number = index;
        next = number < end ? thread.submit(() -> maker.apply(number)) : null;
    }

    /** The next one; waits for it, and begins to make the one after it. */
    public T next() {
        Future<T> waited = next;
        if (waited == null) {
            throw new IllegalStateException("nothing after %d".formatted(end));
        }
        try {
            T made = waited.get();
            index++;
            begin();
            return made;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the next", interrupted);
        }
    }

    /** Waits for what is being made: it may use what the caller frees next. */
    @Override
    public void close() {
        thread.close();
    }
}
