package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Message;
import java.io.IOException;

/** One connection to a live feed, until it breaks. Read by one thread. */
interface Connection extends AutoCloseable {

    /**
     * The next message, blank if it only shows that the other side lives. Blocks until there is one.
     *
     * @throws IOException if the connection broke, or the other side ended it or was silent for too long
     */
    Message next() throws IOException, InterruptedException;

    /** Closes the connection, also from another thread. May be called twice. */
    @Override
    void close();
}
