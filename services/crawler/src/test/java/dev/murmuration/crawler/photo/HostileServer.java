package dev.murmuration.crawler.photo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A web server that writes whatever bytes a test wants, one request a connection, each on a thread of its own. */
public final class HostileServer implements AutoCloseable {

    /** Writes an answer, status line and all. */
    @FunctionalInterface
    public interface Answer {
        void write(OutputStream out) throws IOException;
    }

    private final ServerSocket listening;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Answer any;

    public HostileServer(String address) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getByName(address));
        Thread.startVirtualThread(this::listen);
    }

    public int port() {
        return listening.getLocalPort();
    }

    public void on(String path, Answer answer) {
        answers.put(path, answer);
    }

    public void onAny(Answer answer) {
        any = answer;
    }

    /** Head of every request so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** A byte every 50 ms, until the other side has had enough. */
    public void drip(OutputStream out) throws IOException {
        while (closed.getCount() > 0) {
            out.write('x');
            out.flush();
            pause(Duration.ofMillis(50));
        }
    }

    public void pause(Duration time) {
        try {
            boolean over = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
            assert over || closed.getCount() > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            StringBuilder head = new StringBuilder();
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                head.append(line).append('\n');
                line = in.readLine();
            }
            if (head.isEmpty()) {
                return;
            }
            requests.add(head.toString());
            String path = head.toString().split(" ", 3)[1];
            Answer answer = answers.getOrDefault(path, any);
            if (answer != null) {
                OutputStream out = socket.getOutputStream();
                answer.write(out);
                out.flush();
            }
        } catch (IOException e) {
            // The client hung up: what it thinks of that is what the test asks.
            assert e != null;
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
    }
}
