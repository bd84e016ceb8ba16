package dev.murmuration.stage.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
    void namesTheSettingsThatAreWrong() {
        SmallRyeConfigBuilder settings = new SmallRyeConfigBuilder()
                .addDiscoveredCustomizers()
                .withSources(new PropertiesConfigSource(
                        Map.of("tracing.endpoint", "collector:4318", "tracing.share", "1.5"), "test", 100))
                .withMapping(TracingSettings.class);

        assertThatExceptionOfType(ConfigValidationException.class)
                .isThrownBy(settings::build)
                .withMessageContaining("tracing.endpoint = collector:4318: must be an address")
                .withMessageContaining("tracing.share = 1.5: must be from 0 to 1");
    }
}
