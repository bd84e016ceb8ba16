package dev.murmuration.crawler.feed.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.Deliveries;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.HandClock;
import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.HostileServer;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A local server that speaks HTTP by a script: its first answer to the first connection, its second to the second, and so on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class LiveTest {

    static final LiveLimits LIMITS = new LiveLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 20_000);
    static final LiveLimits IMPATIENT = new LiveLimits(Duration.ofSeconds(10), Duration.ofMillis(300), 20_000);
    static final PhotoSource WEB = (url, room) -> Fetched.refused(Refusal.Reason.MISSING, url);

    final HandClock clock = new HandClock();
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<HostileServer.Answer> script = new LinkedBlockingQueue<>();
    HostileServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new HostileServer("127.0.0.1");
        server.onAny(out -> {
            HostileServer.Answer answer = script.poll();
            if (answer != null) {
                answer.write(out);
            }
        });
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    void answer(HostileServer.Answer answer) {
        script.add(answer);
    }

    /** A stream of these lines, after which the server hangs up. */
    void stream(String... lines) {
        answer(out -> {
            head(out);
            for (String line : lines) {
                out.write(line.getBytes(UTF_8));
                out.flush();
            }
        });
    }

    /** A stream of these lines, after which nothing more comes. */
    void streamThatStalls(String... lines) {
        answer(out -> {
            head(out);
            for (String line : lines) {
                out.write(line.getBytes(UTF_8));
            }
            out.flush();
            server.pause(Duration.ofMinutes(1));
        });
    }

    void status(int status) {
        answer(out -> out.write("HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(status)
                .getBytes(UTF_8)));
    }

    static void head(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".getBytes(UTF_8));
    }

    static List<Delivery> take(Deliveries deliveries, int count) throws IOException, InterruptedException {
        List<Delivery> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(deliveries.next().orElseThrow());
        }
        return taken;
    }

    static List<String> ids(List<Delivery> deliveries) {
        List<String> ids = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            assertThat(delivery).isInstanceOf(Delivery.Posted.class);
            ids.add(((Delivery.Posted) delivery).post().id());
        }
        return ids;
    }
}
