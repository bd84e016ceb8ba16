package dev.murmuration.crawler;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.examine.Examined;
import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a feed and examines its deliveries side by side, a bounded number ahead, then settles them in their order and commits
 * them in batches. A thread of its own reads, virtual threads examine, the calling thread settles and commits.
 */
final class Crawl {

    /**
     * How far ahead, and when a batch is cut.
     *
     * @param ahead deliveries that are read and not settled yet
     * @param records deliveries in a batch
     * @param maxAge of a batch since its first delivery was settled
     */
    record Limits(int ahead, int records, Duration maxAge) {}

    /** The next item in the feed's order. */
    private sealed interface Turn {
        /** A delivery, examined. */
        record Of(Examined examined) implements Turn {}

        /** The feed has ended. */
        record Over() implements Turn {}

        /** Neither is known yet. */
        record NotYet() implements Turn {}
    }

    // A delivery can bring many rejections.
    private static final int MAX_OUTGOING = 10_000;

    private final Feed feed;
    private final Examination examination;
    private final CrawlState ledger;
    private final Outlet outlet;
    private final int partitions;
    private final Limits limits;
    private final StallDetector pulse;

    @GuardedBy("this")
    private boolean stopping;

    @GuardedBy("this")
    private boolean committing;

    @GuardedBy("this")
    private @Nullable Thread runner;

    /**
     * Goes on where the ledger stands.
     *
     * @param partitions of `tweets`, each of which learns of the feed's end
     * @param pulse is told of every delivery that is read and of every commit
     */
    Crawl(
            Feed feed,
            Examination examination,
            CrawlState ledger,
            Outlet outlet,
            int partitions,
            Limits limits,
            StallDetector pulse) {
        this.feed = feed;
        this.examination = examination;
        this.ledger = ledger;
        this.outlet = outlet;
        this.partitions = partitions;
        this.limits = limits;
        this.pulse = pulse;
    }

    /**
     * Crawls until the feed ends.
     *
     * @throws IOException if reading the feed fails
     * @throws InterruptedException if it was stopped
     */
    void run() throws IOException, InterruptedException {
        synchronized (this) {
            runner = Thread.currentThread();
        }
        if (ledger.cursor().getEnded()) {
            return;
        }
        BlockingQueue<Future<Turn>> queue = new ArrayBlockingQueue<>(limits.ahead());
        Deliveries deliveries = feed.after(ledger.cursor().getPosition());
        ExecutorService examiners = Executors.newVirtualThreadPerTaskExecutor();
        Thread reader = Thread.ofPlatform().name("feed").daemon().start(() -> read(deliveries, examiners, queue));
        try {
            settle(queue);
        } finally {
            reader.interrupt();
            examiners.shutdownNow();
            // A reader that waits for the network hears no interrupt.
            deliveries.close();
            reader.join();
        }
    }

    /** Ends {@link #run} soon, after the commit that may be under way. What is not committed is read again by the next crawl. */
    synchronized void stop() {
        stopping = true;
        if (runner != null && !committing) {
            runner.interrupt();
        }
    }

    private synchronized void committing(boolean now) throws InterruptedException {
        committing = now;
        if (stopping) {
            throw new InterruptedException("stopped");
        }
    }

    private void read(Deliveries deliveries, ExecutorService examiners, BlockingQueue<Future<Turn>> queue) {
        try {
            boolean more = true;
            while (more) {
                more = readOne(deliveries, examiners, queue);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean readOne(Deliveries deliveries, ExecutorService examiners, BlockingQueue<Future<Turn>> queue)
            throws InterruptedException {
        try {
            Optional<Delivery> delivery = deliveries.next();
            if (delivery.isEmpty()) {
                queue.put(CompletableFuture.completedFuture(new Turn.Over()));
                return false;
            }
            pulse.read();
            queue.put(examiners.submit(() -> new Turn.Of(examination.examine(delivery.get()))));
            return true;
        } catch (IOException | RuntimeException e) {
            queue.put(CompletableFuture.failedFuture(e));
            return false;
        }
    }

    private void settle(BlockingQueue<Future<Turn>> queue) throws IOException, InterruptedException {
        Batch batch = new Batch();
        @Nullable Future<Turn> next = null;
        while (true) {
            next = next == null ? queue.poll(batch.nanosLeft(), TimeUnit.NANOSECONDS) : next;
            Turn turn = next == null ? new Turn.NotYet() : result(next, batch.nanosLeft());
            switch (turn) {
                case Turn.NotYet notYet -> batch.commit();
                case Turn.Over over -> {
                    batch.end(ledger.end(partitions));
                    return;
                }
                case Turn.Of(Examined examined) -> {
                    next = null;
                    batch.add(ledger.settle(examined));
                }
            }
        }
    }

    private static Turn result(Future<Turn> future, long nanos) throws IOException, InterruptedException {
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Turn.NotYet();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("a delivery could not be examined", e);
            }
        }
    }

    /** Records and cursor that will be committed together. */
    private final class Batch {
        final List<Outgoing> outgoing = new ArrayList<>();
        int records;
        long deadline;

        void add(List<Outgoing> settled) throws InterruptedException {
            if (records == 0) {
                deadline = System.nanoTime() + limits.maxAge().toNanos();
            }
            outgoing.addAll(settled);
            records++;
            if (records >= limits.records() || outgoing.size() >= MAX_OUTGOING || nanosLeft() == 0) {
                commit();
            }
        }

        void end(List<Outgoing> markers) throws InterruptedException {
            outgoing.addAll(markers);
            // The end is no delivery, but it is committed even if none came before it.
            records++;
            pulse.read();
            commit();
        }

        long nanosLeft() {
            return records == 0 ? limits.maxAge().toNanos() : Math.max(0, deadline - System.nanoTime());
        }

        void commit() throws InterruptedException {
            if (records > 0) {
                committing(true);
                outlet.commit(List.copyOf(outgoing), ledger.cursor());
                pulse.committed(records);
                outgoing.clear();
                records = 0;
                committing(false);
            }
        }
    }
}
