package dev.murmuration.stage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that answers "in" to whatever passes. */
class HttpGuardTest {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private int port;

    private record Settings(
            Optional<List<String>> allowedHosts, Optional<List<String>> allowedOrigins, Duration requestTimeout)
            implements HttpSettings {}

    @BeforeEach
    void serve() throws Exception {
        HttpGuard guard = new HttpGuard(
                new Settings(
                        Optional.of(List.of("students.example")),
                        Optional.of(List.of("https://console.example")),
                        Duration.ofMillis(500)),
                "evaluator",
                new MemorySize(BigInteger.valueOf(1_000)));
        Router router = Router.router(vertx);
        router.route().handler(guard::look);
        router.route().handler(BodyHandler.create(false));
        router.route().handler(context -> context.end("in"));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        port = server.actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:8085", "evaluator:8085", "students.example"})
    void letsRequestsInByTheServicesNames(String host) throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("in");
    }

    @Test
    void refusesAnotherName() throws IOException {
        assertThat(ask("GET /q/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .contains("{\"problem\":\"this service is not asked by this name");
    }

    @Test
    void letsAnOldClientInThatKnowsNoHosts() throws IOException {
        assertThat(ask("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: http://evil.example, 403",
        "Origin: null, 403",
        "Origin: http://localhost:9, 403",
        "Origin: https://localhost, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Origin: http://localhost, 200",
        "Origin: https://console.example, 200",
        "Sec-Fetch-Site: same-origin, 200"
    })
    void takesWhatChangesSomethingFromItsOwnPagesOnly(String header, int status) throws IOException {
        assertThat(ask("POST / HTTP/1.1\r\nHost: localhost\r\n" + header
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n.."))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void letsAPageOfAnotherOriginRead() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("access-control-allow-origin");
    }

    @Test
    void takesABodyThatIsJustSmallEnoughAndTellsWhenItIsNot() throws IOException {
        assertThat(ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n"
                        + ".".repeat(1_000)))
                .startsWith("HTTP/1.1 200 ");
        assertThat(ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\nConnection: close\r\n\r\n"
                        + ".".repeat(20_000_000)))
                .startsWith("HTTP/1.1 413 ")
                .contains("1000 bytes");
    }

    @Test
    void tellsAClientThatStopsInTheMiddle() throws IOException {
        assertThat(ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"))
                .startsWith("HTTP/1.1 408 ")
                .contains("http.request-timeout = 500 ms");
    }

    @Test
    void waitsNoLongerForTheRestOfWhatItRefused() throws IOException {
        assertThat(ask("POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100\r\n\r\nhalf"))
                .startsWith("HTTP/1.1 421 ");
    }

    /** Everything that comes until the other side closes. */
    private String ask(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
