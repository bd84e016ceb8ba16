package dev.murmuration.local.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a registry that does what a test wants. */
class SchemaSetupTest {

    private static final List<String> SUBJECTS = Topics.ALL.stream()
            .filter(topic -> topic.schema().isPresent())
            .map(Topic::subject)
            .toList();

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile int unanswered;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void registersEachSchemaAndHowItMayChange() throws Exception {
        assertThat(setup().register()).isEqualTo(SUBJECTS);

        assertThat(requests).hasSize(2 * SUBJECTS.size()).contains("PUT /config/tweets-value");
    }

    @Test
    void givesUpARequestThatIsNotAnsweredAndCanBeAskedAgain() throws Exception {
        unanswered = 3;
        SchemaSetup setup = setup();

        assertThatThrownBy(setup::register).isInstanceOf(HttpTimeoutException.class);
        assertThat(setup.register()).isEqualTo(SUBJECTS);
    }

    @Test
    void saysWhatTheRegistryRefuses() {
        status = 409;

        assertThatThrownBy(() -> setup().register())
                .isInstanceOf(PlatformException.class)
                .hasMessage("the registry refused POST /subjects/tweets-value/versions: 409 said");
    }

    @Test
    void saysWhereTheRegistryFails() {
        status = 503;

        assertThatThrownBy(() -> setup().register())
                .isInstanceOf(IOException.class)
                .hasMessage("the registry failed at POST /subjects/tweets-value/versions: 503 said");
    }

    private SchemaSetup setup() {
        String url = "http://%s:%d"
                .formatted(
                        server.getAddress().getHostString(), server.getAddress().getPort());
        return new SchemaSetup(
                new RegistryAddress(url, Optional.empty(), Optional.empty(), Optional.empty()), Duration.ofSeconds(1));
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (requests.size() == unanswered) {
            return; // and the connection stays open
        }
        try (exchange) {
            byte[] said = "said".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, said.length);
            exchange.getResponseBody().write(said);
        }
    }
}
