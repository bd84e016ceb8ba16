package dev.murmuration.trainer.data;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next item while the current one is used: never more than one ahead, always in order. Not thread-safe.
 *
 * @param <T> type of the items
 */
public final class Prefetcher<T> implements AutoCloseable {

    // Not a virtual thread: photos are decoded behind it, and class initialisation in image libraries would hold
    // carriers.
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("ahead").factory());
    private final LongFunction<T> maker;
    private final long end;
    private long index;
    private @Nullable Future<T> next;

    /**
     * Starts making the first item.
     *
     * @param from number of the first
     * @param end number after the last
     * @param maker makes an item, on another thread
     */
    public Prefetcher(long from, long end, LongFunction<T> maker) {
        this.maker = maker;
        this.end = end;
        this.index = from;
        begin();
    }

    private void begin() {
        long number = index;
        next = number < end ? thread.submit(() -> maker.apply(number)) : null;
    }

    /** Waits for the next item, and starts making the one after it. */
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
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the next", e);
        }
    }

    /** Waits for the item in progress, which may use what the caller frees next. */
    @Override
    public void close() {
        thread.close();
    }
}
