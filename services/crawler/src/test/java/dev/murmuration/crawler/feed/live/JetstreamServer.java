package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Jetstream as it answers a subscriber: RFC 6455's handshake and frames, the events whose time is not before the cursor in the
 * order in which they came, then silence. A test tells it to hang up after some events, to take its time, to refuse, to answer no
 * ping, or to compress.
 */
public final class JetstreamServer implements AutoCloseable {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern CURSOR = Pattern.compile("[?&]cursor=(\\d+)");
    private static final Pattern TIME = Pattern.compile("\"time_us\": ?(\\d+)");
    private static final Pattern KEY = Pattern.compile("(?im)^Sec-WebSocket-Key: *(\\S+)$");
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final ServerSocket listening;
    private final List<String> events;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger hangUps = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int hangUpAfter = Integer.MAX_VALUE;
    private volatile int status = 101;
    private volatile long nanosBetween;
    private volatile boolean answersPings = true;
    private volatile int partBytes = Integer.MAX_VALUE;
    private volatile byte @Nullable [] dictionary;

    /** Sends these, oldest first. */
    public JetstreamServer(List<String> events) throws IOException {
        this.events = events;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::listen);
    }

    /** Its address. */
    public String url() {
        return "ws://127.0.0.1:" + listening.getLocalPort() + "/subscribe";
    }

    /** Ends each of the next {@code times} connections after so many events. */
    void hangUpAfter(int sent, int times) {
        hangUpAfter = sent;
        hangUps.set(times);
    }

    /** So many events a second; 0 for as many as are taken. */
    public void pace(int eventsASecond) {
        nanosBetween = eventsASecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / eventsASecond;
    }

    void refuse(int with) {
        status = with;
    }

    void answerNoPings() {
        answersPings = false;
    }

    void fragment(int bytes) {
        partBytes = bytes;
    }

    void compress(byte[] with) {
        dictionary = with;
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.startVirtualThread(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            String head = head(in);
            requests.add(head.lines().findFirst().orElse(""));
            if (status != 101) {
                out.write("HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(status)
                        .getBytes(ISO_8859_1));
                out.flush();
                return;
            }
            Matcher key = KEY.matcher(head);
            if (!key.find()) {
                return;
            }
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key.group(1)) + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            out.flush();
            Thread.startVirtualThread(() -> answerPings(in, out));
            send(out, head);
        } catch (IOException | InterruptedException e) {
            // The client is gone: what it makes of that is what the test asks.
            assert e != null;
        }
    }

    private void send(DataOutputStream out, String head) throws IOException, InterruptedException {
        Matcher cursor = CURSOR.matcher(head);
        long from = cursor.find() ? Long.parseLong(cursor.group(1)) : 0;
        boolean hangsUp = hangUps.getAndDecrement() > 0;
        int sent = 0;
        for (String event : events) {
            Matcher time = TIME.matcher(event);
            if (time.find() && Long.parseLong(time.group(1)) < from) {
                continue;
            }
            if (hangsUp && sent == hangUpAfter) {
                return;
            }
            message(out, event);
            sent++;
            if (nanosBetween > 0 && closed.await(nanosBetween, TimeUnit.NANOSECONDS)) {
                return;
            }
        }
        if (hangsUp) {
            frame(out, CLOSE, true, new byte[] {3, (byte) 0xE8});
            return;
        }
        closed.await();
    }

    private void message(DataOutputStream out, String event) throws IOException {
        byte[] bytes = event.getBytes(UTF_8);
        byte[] with = dictionary;
        int opcode = TEXT;
        if (with != null) {
            try (ZstdCompressCtx zstd = new ZstdCompressCtx().loadDict(with)) {
                bytes = zstd.compress(bytes);
            }
            opcode = BINARY;
        }
        for (int at = 0; at == 0 || at < bytes.length; at += Math.min(partBytes, bytes.length - at)) {
            int end = Math.min(bytes.length, at + Math.min(partBytes, bytes.length));
            frame(out, at == 0 ? opcode : 0, end == bytes.length, Arrays.copyOfRange(bytes, at, end));
            if (end == bytes.length) {
                return;
            }
        }
    }

    private static void frame(DataOutputStream out, int opcode, boolean last, byte[] bytes) throws IOException {
        synchronized (out) {
            out.write((last ? 0x80 : 0) | opcode);
            if (bytes.length < 126) {
                out.write(bytes.length);
            } else if (bytes.length < 1 << 16) {
                out.write(126);
                out.writeShort(bytes.length);
            } else {
                out.write(127);
                out.writeLong(bytes.length);
            }
            out.write(bytes);
            out.flush();
        }
    }

    // Of what a client sends, only pings matter. Its frames are masked.
    private void answerPings(DataInputStream in, DataOutputStream out) {
        try {
            while (true) {
                int opcode = in.readUnsignedByte() & 0xF;
                int length = in.readUnsignedByte() & 0x7F;
                in.skipNBytes(4);
                in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
                if (opcode == PING && answersPings) {
                    frame(out, PONG, true, new byte[0]);
                }
            }
        } catch (IOException e) {
            // Gone.
            assert e != null;
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("gone before it asked");
            }
            head.append((char) read);
        }
        return head.toString().replace("\r", "");
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
    }
}
