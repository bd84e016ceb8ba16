package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.crawler.photo.HostileServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A live stream over HTTP that goes on whether anybody listens or not: who connects hears what comes from then on, after the last
 * few messages once more, as X does it after a short break.
 */
final class LiveBroadcast implements AutoCloseable {

    /** Message {@code n}, and when it was sent, in milliseconds since the epoch. */
    record Sent(long n, long at) {}

    /** What a message says. */
    @FunctionalInterface
    interface Text {
        String of(long n, Instant at);
    }

    private final HostileServer server = new HostileServer("127.0.0.1");
    private final Text message;
    private final int sentAgain;
    private final List<Sent> sent = new ArrayList<>();
    private final List<BlockingQueue<Sent>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread sender;

    /**
     * Begins when the first one listens.
     *
     * @param sentAgain how many messages whoever connects hears once more
     */
    LiveBroadcast(Text message, int messagesASecond, int sentAgain) throws IOException {
        this.message = message;
        this.sentAgain = sentAgain;
        server.onAny(this::listen);
        this.sender = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (!over.await(TimeUnit.SECONDS.toNanos(1) / messagesASecond, TimeUnit.NANOSECONDS)) {
                    send();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Sends nothing more after one last message; returns what was sent. */
    List<Sent> end() throws InterruptedException {
        over.countDown();
        sender.join();
        send();
        synchronized (this) {
            return List.copyOf(sent);
        }
    }

    private synchronized void send() {
        if (!sent.isEmpty() || !listeners.isEmpty()) {
            Sent next = new Sent(sent.size(), System.currentTimeMillis());
            sent.add(next);
            listeners.forEach(listener -> listener.add(next));
        }
    }

    private synchronized BlockingQueue<Sent> join() {
        BlockingQueue<Sent> heard = new LinkedBlockingQueue<>();
        sent.stream().skip(Math.max(0, sent.size() - sentAgain)).forEach(heard::add);
        listeners.add(heard);
        return heard;
    }

    private void listen(OutputStream out) throws IOException {
        BlockingQueue<Sent> heard = join();
        try {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
            out.flush();
            while (true) {
                Sent next = heard.take();
                out.write(message.of(next.n(), Instant.ofEpochMilli(next.at())).getBytes(UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(heard);
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
    }
}
