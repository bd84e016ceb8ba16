package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Message;
import dev.murmuration.crawler.feed.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A feed without an end: connects, reads, and reconnects with back-off when the connection breaks. */
final class LiveDeliveries implements Deliveries {

    private static final Logger LOG = Logger.getLogger(LiveDeliveries.class);

    private final String feed;
    private final Conversation conversation;
    private final Pause pause;
    private final Backoff backoff = new Backoff();
    private final Queue<Delivery> read = new ArrayDeque<>();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    LiveDeliveries(String feed, Conversation conversation, Pause pause) {
        this.feed = feed;
        this.conversation = conversation;
        this.pause = pause;
    }

    @Override
    public Optional<Delivery> next() throws IOException, InterruptedException {
        while (read.isEmpty()) {
            try {
                read.addAll(step());
            } catch (RefusedException e) {
                if (e.isFinal()) {
                    throw new IOException(
                            e.getMessage() + ": its settings are wrong, or the server refused the connection", e);
                }
                again(e, backoff.after(e.trouble()));
            } catch (IOException e) {
                again(e, backoff.after(Backoff.Trouble.NETWORK));
            }
        }
        return Optional.of(read.remove());
    }

    private List<Delivery> step() throws IOException, InterruptedException {
        Connection open = connection;
        if (open == null) {
            connection = conversation.connect();
            if (closed) {
                throw new IOException("closed");
            }
            LOG.infof("connected to feed %s", feed);
            Optional<Delivery.Gap> gap = conversation.gap();
            gap.ifPresent(missed -> LOG.warnf(
                    "feed %s cannot resume: posts from %s to %s may be missing", feed, missed.from(), missed.to()));
            return gap.<Delivery>map(missed -> missed).stream().toList();
        }
        Message message = open.next();
        backoff.works();
        return conversation.read(message);
    }

    private void again(IOException reason, Duration wait) throws IOException, InterruptedException {
        hangUp();
        if (closed) {
            throw new IOException("closed", reason);
        }
        LOG.warnf("lost feed %s (%s), connecting again in %d ms", feed, reason.getMessage(), wait.toMillis());
        pause.sleep(wait);
    }

    private void hangUp() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
