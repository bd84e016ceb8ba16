package dev.murmuration.stage.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.murmuration.stage.SettingException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TracingTest {

    @Test
    void sendsSpansToTheEndpointByOtlpOverHttp() throws Exception {
        List<String> posted = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        collector.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            posted.add("%s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            exchange.getRequestHeaders().getFirst("Content-Type"),
                            new String(body, StandardCharsets.ISO_8859_1)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String endpoint =
                "http://localhost:%d/v1/traces".formatted(collector.getAddress().getPort());
        try (SdkTracerProvider provider = Tracing.provider(
                "teacher",
                "teacher-0",
                1.0,
                BatchSpanProcessor.builder(Tracing.exporter(endpoint)).build())) {
            provider.get("test").spanBuilder("scored-tweets").startSpan().end();
            CompletableResultCode sent = provider.forceFlush().join(60, TimeUnit.SECONDS);

            assertThat(sent.isSuccess()).isTrue();
        } finally {
            collector.stop(0);
        }
        assertThat(posted)
                .singleElement()
                .asString()
                .startsWith("POST application/x-protobuf")
                .contains("scored-tweets")
                .contains("teacher-0");
    }

    @Test
    void namesTheSettingThatIsWrong() {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Tracing.checked(settings("collector:4318", 0.5)))
                .withMessageContaining("tracing.endpoint = collector:4318");
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Tracing.checked(settings("http://collector:4318/v1/traces", 1.5)))
                .withMessageContaining("tracing.share = 1.5");
    }

    private static TracingSettings settings(String endpoint, double share) {
        return new TracingSettings() {
            @Override
            public Optional<String> endpoint() {
                return Optional.of(endpoint);
            }

            @Override
            public double share() {
                return share;
            }

            @Override
            public int mostRecords() {
                return 1;
            }
        };
    }
}
