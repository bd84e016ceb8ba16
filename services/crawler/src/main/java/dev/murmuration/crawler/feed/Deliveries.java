package dev.murmuration.crawler.feed;

import java.io.IOException;
import java.util.Optional;

/** An open feed, read by one thread. */
public interface Deliveries extends AutoCloseable {

    /**
     * Returns the next delivery, in the feed's order; always empty once a finite feed has ended. Blocks until there is one.
     *
     * @throws IOException if reading the feed fails
     * @throws InterruptedException if the reading thread was interrupted
     */
    Optional<Delivery> next() throws IOException, InterruptedException;

    /** Closes the feed, also from another thread, which ends a {@link #next} that waits for the network. May be called twice. */
    @Override
    void close() throws IOException;
}
