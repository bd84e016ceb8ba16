package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The protocol of one network: requests, messages, positions. Not thread-safe; lives over many connections. */
interface Conversation {

    /**
     * Connects, to continue as near to its position as the network allows.
     *
     * @throws RefusedException if the server answers with something other than a stream
     */
    Connection connect() throws IOException, InterruptedException;

    /** The gap that the new connection cannot close. Called once after each {@link #connect}. */
    Optional<Delivery.Gap> gap();

    /**
     * The deliveries of this message, in order; empty if it is irrelevant to the pipeline.
     *
     * @throws IOException if it says that the connection ends
     */
    List<Delivery> read(Message message) throws IOException;
}
