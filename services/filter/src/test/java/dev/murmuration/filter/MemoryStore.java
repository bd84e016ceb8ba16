package dev.murmuration.filter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An object store in memory, spoken to by the real client: for tests of some thousand objects, which are to take seconds. */
final class MemoryStore implements AutoCloseable {

    /** As S3 has it, with the bucket before it. */
    private static final int MAX_KEY_CHARS = 1024 + 64;

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    MemoryStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    ObjectStore client() {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withSources(
                        new PropertiesConfigSource(Map.of("s3.endpoint", endpoint, "s3.timeout", "5s"), "test", 100))
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.getResponseHeaders().set("Last-Modified", "Sun, 29 Nov 2026 00:00:00 GMT");
        if (key.length() > MAX_KEY_CHARS) {
            send(exchange, 400, error("KeyTooLongError"));
        } else if (exchange.getRequestMethod().equals("PUT")) {
            boolean isTaken = exchange.getRequestHeaders().containsKey("If-None-Match") && objects.containsKey(key);
            if (!isTaken) {
                objects.put(key, body);
            }
            send(exchange, isTaken ? 412 : 200, isTaken ? error("PreconditionFailed") : new byte[0]);
        } else {
            byte[] object = objects.get(key);
            send(exchange, object == null ? 404 : 200, object == null ? error("NoSuchKey") : object);
        }
    }

    private static byte[] error(String code) {
        return "<Error><Code>%s</Code></Error>".formatted(code).getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean hasBody = body.length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders()
                .set("Content-Type", status == 200 ? "application/octet-stream" : "application/xml");
        exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
