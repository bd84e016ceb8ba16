package dev.murmuration.crawler.feed;

import java.io.IOException;
import java.util.Optional;

/** An open feed, read by one thread. */
public interface Deliveries extends AutoCloseable {

    /**
     * The next delivery, in the feed's order; empty when a finite feed has ended, and from then on. Blocks until there is one.
     *
     * @throws IOException if the feed cannot be read on
     * @throws InterruptedException if the reading thread was interrupted
     */
    Optional<Delivery> next() throws IOException, InterruptedException;

    /** Lets go of what is open; also from another thread, which ends a {@link #next} that waits for the network. May be called twice. */
    @Override
    void close() throws IOException;
}
