package dev.murmuration.systemtest;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Takes spans as an OpenTelemetry collector does (OTLP over HTTP, protobuf) and keeps them. */
final class Collector implements AutoCloseable {

    /**
     * A span as it was sent.
     *
     * @param service whose it is
     * @param name the topic written to, or {@code part of} it
     * @param links the spans that it points to
     */
    record Sent(String service, String name, ByteString trace, ByteString span, List<ByteString> links) {}

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final HttpServer server;
    private final Queue<Sent> spans = new ConcurrentLinkedQueue<>();

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** What {@code tracing.endpoint} must say. */
    String endpoint() {
        return "http://localhost:%d/v1/traces".formatted(server.getAddress().getPort());
    }

    /** All spans of this service with this name. */
    Stream<Sent> spans(String service, String name) {
        return spans.stream()
                .filter(span -> span.service().equals(service) && span.name().equals(name));
    }

    /** Whether a span of this service with this name is in this trace. */
    boolean goesOn(ByteString trace, String service, String name) {
        return spans(service, name).anyMatch(span -> span.trace().equals(trace));
    }

    /** Waits until the spans are such, at most a minute; otherwise says which came. */
    synchronized void until(String what, Predicate<Collector> condition) throws InterruptedException {
        long last = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.test(this)) {
            long left = last - System.nanoTime();
            if (left <= 0) {
                Map<String, Long> came = spans.stream()
                        .collect(Collectors.groupingBy(
                                span -> span.service() + " " + span.name(), TreeMap::new, Collectors.counting()));
                throw new AssertionError("never came: %s; spans: %s".formatted(what, came));
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody()) {
            ExportTraceServiceRequest.parseFrom(body)
                    .getResourceSpansList()
                    .forEach(from -> from.getScopeSpansList()
                            .forEach(scope -> scope.getSpansList()
                                    .forEach(span -> spans.add(new Sent(
                                            service(from.getResource()),
                                            span.getName(),
                                            span.getTraceId(),
                                            span.getSpanId(),
                                            span.getLinksList().stream()
                                                    .map(link -> link.getSpanId())
                                                    .toList())))));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            wake();
        }
    }

    private static String service(Resource resource) {
        return resource.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }
}
