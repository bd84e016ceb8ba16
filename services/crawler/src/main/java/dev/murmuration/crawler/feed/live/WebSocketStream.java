package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdException;
import dev.murmuration.crawler.feed.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a web socket, by the JDK's client: it hands over parts of frames and only as many as are asked for, so that neither
 * a message nor a flood of them is ever larger in memory than its limit. A silent connection is pinged, and is dead when the
 * answer does not come.
 *
 * <p>When a connection ends right behind a message, the JDK (seen with 25) fails over its own state, an {@link InternalError}: of
 * such ends a fifth lose that message and one in a hundred is not told at all. So a reader requests the last message again after
 * an interruption, and silence counts as an end.
 */
final class WebSocketStream implements Connection, WebSocket.Listener {

    private static final int MAX_WAITING = 64;

    /** Messages and errors of the listener. */
    private sealed interface Heard {
        record Whole(Message message) implements Heard {}

        record Over(String reason) implements Heard {}
    }

    // Bounded by the credit that the other side is given: each message that is taken allows another one.
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private final LiveLimits limits;
    private final Optional<ZstdDictDecompress> dictionary;
    private boolean whole = true;
    private volatile long lastHeard = System.nanoTime();
    private volatile @Nullable WebSocket socket;

    private WebSocketStream(LiveLimits limits, Optional<ZstdDictDecompress> dictionary) {
        this.limits = limits;
        this.dictionary = dictionary;
    }

    static WebSocketStream open(
            String feed, HttpClient client, URI url, LiveLimits limits, Optional<ZstdDictDecompress> dictionary)
            throws IOException, InterruptedException {
        WebSocketStream stream = new WebSocketStream(limits, dictionary);
        try {
            stream.socket = client.newWebSocketBuilder()
                    .connectTimeout(limits.connectTimeout())
                    .buildAsync(url, stream)
                    // A server that accepts but never answers the handshake counts as unreachable.
                    .get(limits.connectTimeout().plus(limits.stallAfter()).toMillis(), TimeUnit.MILLISECONDS);
            return stream;
        } catch (TimeoutException e) {
            throw new IOException("no handshake in time", e);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new RefusedException(feed, refused.getResponse().statusCode());
            }
            throw new IOException("no connection: " + e.getCause(), e);
        }
    }

    @Override
    public Message next() throws IOException, InterruptedException {
        WebSocket open = socket;
        if (open == null) {
            throw new IOException("not connected");
        }
        Duration half = limits.stallAfter().dividedBy(2);
        while (true) {
            @Nullable Heard next = heard.poll(half.toNanos(), TimeUnit.NANOSECONDS);
            switch (next) {
                case Heard.Whole(Message message) -> {
                    open.request(1);
                    return message;
                }
                case Heard.Over(String reason) -> throw new IOException(reason);
                case null -> {
                    if (System.nanoTime() - lastHeard > limits.stallAfter().toNanos()) {
                        throw new IOException("nothing for %d ms"
                                .formatted(limits.stallAfter().toMillis()));
                    }
                    ping(open);
                }
            }
        }
    }

    private static void ping(WebSocket open) {
        // If it cannot be sent, the connection is broken, and the listener is notified.
        CompletionStage<WebSocket> unused = open.sendPing(ByteBuffer.allocate(0));
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(MAX_WAITING);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        collect(from, data.toString().getBytes(UTF_8), last, false);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        collect(from, bytes, last, true);
        return null;
    }

    private void collect(WebSocket from, byte[] bytes, boolean last, boolean binary) {
        lastHeard = System.nanoTime();
        int room = limits.maxMessageBytes() - parts.size();
        whole = whole && bytes.length <= room;
        parts.write(bytes, 0, Math.min(bytes.length, room));
        if (!last) {
            from.request(1);
            return;
        }
        Message message = new Message(parts.toByteArray(), whole);
        parts.reset();
        whole = true;
        heard.add(new Heard.Whole(binary && message.whole() ? inflated(message) : message));
    }

    // Data that do not inflate are malformed and passed on unchanged.
    private Message inflated(Message message) {
        if (dictionary.isEmpty()) {
            return message;
        }
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx().loadDict(dictionary.get())) {
            return new Message(zstd.decompress(message.bytes(), limits.maxMessageBytes()), true);
        } catch (ZstdException e) {
            return message;
        }
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
        lastHeard = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
        lastHeard = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        heard.add(new Heard.Over("the other side hung up, status " + status));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add(new Heard.Over(error.getClass().getSimpleName() + ": " + error.getMessage()));
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        heard.add(new Heard.Over("closed"));
    }
}
