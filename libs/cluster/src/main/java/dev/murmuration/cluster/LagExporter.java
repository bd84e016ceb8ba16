package dev.murmuration.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/**
 * Serves the lag of every consumer group under {@code /metrics}, in Prometheus's text format. Each request asks the cluster, one after the other: who asks decides how
 * often. A cluster that does not answer is status 503. {@code /live} says that this process answers.
 */
public final class LagExporter implements AutoCloseable {

    private static final int WAITING_REQUESTS = 4;

    private final Groups groups;
    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("lag").factory());
    private final Map<String, Watch> watches = new HashMap<>();

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
        int status;
        String text;
        try {
            look();
            status = 200;
            text = LagText.of(watches);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            status = 503;
            text = "the cluster does not answer: " + e + "\n";
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
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
