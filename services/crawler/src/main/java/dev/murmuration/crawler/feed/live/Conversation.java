package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How one network speaks: what to ask for, what its messages mean, where they leave us. For one thread, over many connections. */
interface Conversation {

    /**
     * Connects, to go on as near to where it stands as the network allows.
     *
     * @throws RefusedException if the other side answers with something else than a stream
     */
    Connection connect() throws IOException, InterruptedException;

    /** What the new connection cannot bring back. Asked once after each {@link #connect}. */
    Optional<Delivery.Gap> gap();

    /**
     * What this message says, in order; empty if it says nothing to the pipeline.
     *
     * @throws IOException if it says that the connection ends
     */
    List<Delivery> read(Message message) throws IOException;
}
