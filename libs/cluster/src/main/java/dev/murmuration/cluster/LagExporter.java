package dev.murmuration.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/**
 * Serves the lag of every consumer group under {@code /metrics}, in Prometheus's text format. A request asks the cluster, unless
 * it was asked within the last five seconds: then it is answered with what was said, so that requests which nobody waits for any
 * more do not pile up. A cluster that does not answer is status 503. {@code /live} says that this process answers.
 */
public final class LagExporter implements AutoCloseable {

    private static final int WAITING_REQUESTS = 4;
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Groups groups;
    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("lag").factory());
    private final Map<String, Watch> watches = new HashMap<>();
    private Answer last = new Answer(503, "");
    private Instant freshUntil = Instant.MIN;

    private record Answer(int status, String text) {}

    private LagExporter(Groups groups, Clock clock, HttpServer server) {
        this.groups = groups;
        this.clock = clock;
        this.server = server;
    }

    /**
     * Listens from now on.
     *
     * @param kafka settings of Kafka clients by their own names
     * @param port 0: any that is free
     * @param timeout how long the cluster is waited for
     */
    public static LagExporter start(Map<String, Object> kafka, String host, int port, Duration timeout, Clock clock)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), WAITING_REQUESTS);
        LagExporter exporter = new LagExporter(new Groups(kafka, timeout), clock, server);
        server.createContext("/metrics", exporter::answer);
        server.createContext("/live", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.setExecutor(exporter.thread);
        server.start();
        return exporter;
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!clock.instant().isBefore(freshUntil)) {
            last = ask();
            freshUntil = clock.instant().plus(FRESH);
        }
        byte[] body = last.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(last.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Answer ask() {
        try {
            look();
            return new Answer(200, LagText.of(watches));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return new Answer(503, "the cluster does not answer: " + e + "\n");
        }
    }

    private void look() throws ExecutionException, TimeoutException {
        Map<String, Set<String>> all = groups.all();
        watches.keySet().retainAll(all.keySet());
        for (Map.Entry<String, Set<String>> group : all.entrySet()) {
            watches.computeIfAbsent(group.getKey(), name -> new Watch(clock))
                    .look(groups.readings(group.getKey(), group.getValue()));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.execute(groups::close);
        thread.shutdown();
    }
}
