package dev.murmuration.local.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.Trust;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that lets in nobody who does not sign in: a real broker with SASL over TLS, and a registry and a store over HTTPS
 * that say what those of this test need to hear. All vouch for themselves.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureClusterIT {

    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

    @TempDir
    private static Path folder;

    private final int port = PlatformSettings.freePort();
    private final List<String> asked = new ArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private Identity identity;
    private Broker broker;
    private HttpsServer web;

    @BeforeAll
    void start() throws Exception {
        identity = Identity.made(folder);
        Map<String, String> secure = new HashMap<>();
        int controller = PlatformSettings.freePort();
        secure.put("listeners", "SASL_SSL://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controller));
        secure.put("advertised.listeners", "SASL_SSL://localhost:" + port);
        secure.put("inter.broker.listener.name", "SASL_SSL");
        secure.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
        secure.put("sasl.enabled.mechanisms", "PLAIN");
        secure.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        secure.put(
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                JAAS.formatted("broker", "broker") + " user_broker=\"broker\" user_operator=\"hush\";");
        secure.put("ssl.keystore.type", "PKCS12");
        secure.put("ssl.keystore.location", identity.keyStore().toString());
        secure.put("ssl.keystore.password", Identity.PASSWORD);
        secure.put("ssl.key.password", Identity.PASSWORD);
        secure.put("ssl.truststore.type", "PEM");
        secure.put("ssl.truststore.location", identity.pem().toString());
        broker = Broker.start(folder.resolve("kafka"), port, controller, secure);
        web = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        web.setHttpsConfigurator(new HttpsConfigurator(identity.server()));
        web.createContext("/", this::answer);
        web.setExecutor(thread);
        web.start();
    }

    @AfterAll
    void stop() {
        web.stop(0);
        thread.shutdown();
        broker.close();
    }

    /** The registry lets in only who signs in; the store has the bucket. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String expected = "Basic " + Base64.getEncoder().encodeToString("clerk:quiet".getBytes(StandardCharsets.UTF_8));
        boolean registry = path.startsWith("/registry");
        boolean welcome =
                !registry || expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        synchronized (asked) {
            asked.add(exchange.getRequestMethod() + " " + path);
        }
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(welcome ? 200 : 401, -1);
        exchange.close();
    }

    @Test
    void isMadeReadyByWhoSignsIn() throws Exception {
        List<String> said = new ArrayList<>();

        new ClusterSetup(site(kafka("hush"), "quiet", trust()), Duration.ofSeconds(60), said::add).run(Optional::empty);

        assertThat(said).hasSize(3);
        assertThat(said.get(0)).isEqualTo("bucket photos: is there");
        assertThat(said.get(1)).startsWith("topics: made tweets, scored-tweets");
        synchronized (asked) {
            assertThat(asked)
                    .contains("POST /registry/subjects/tweets-value/versions", "PUT /registry/config/tweets-value");
        }
        try (Groups groups = new Groups(kafka("hush"), Duration.ofSeconds(60))) {
            assertThat(groups.topics())
                    .containsAll(Topics.ALL.stream().map(Topic::name).toList());
            assertThat(groups.readings("teacher", List.of("tweets"))).hasSize(3);
        }
    }

    @Test
    void refusesAWrongPassword() {
        ClusterSetup wrong = new ClusterSetup(site(kafka("wrong"), "quiet", trust()), Duration.ofMillis(1), line -> {});

        assertThatExceptionOfType(PlatformException.class)
                .isThrownBy(() -> wrong.run(Optional::empty))
                .withMessageContaining("the broker at localhost:" + port)
                .withMessageContaining("Authentication failed")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("wrong"));
    }

    @Test
    void refusesAWrongPasswordOfTheRegistry() {
        ClusterSetup wrong = new ClusterSetup(site(kafka("hush"), "loud", trust()), Duration.ofMillis(1), line -> {});

        assertThatExceptionOfType(PlatformException.class)
                .isThrownBy(() -> wrong.run(Optional::empty))
                .withMessageContaining("/registry")
                .withMessageContaining("401");
    }

    @Test
    void isNotTrustedUntilItsAuthorityIsGiven() {
        assertThatThrownBy(() -> {
                    try (Bucket bucket =
                            new Bucket(site(Map.of(), "quiet", Optional.empty()).store())) {
                        bucket.make();
                    }
                })
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("certif");
    }

    @Test
    void refusesAFileWithoutCertificates() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");

        assertThatThrownBy(() -> Trust.with(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("empty.pem");
    }

    private Optional<Trust> trust() {
        try {
            return Optional.of(Trust.with(identity.pem()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Object> kafka(String password) {
        return Map.of(
                "bootstrap.servers",
                "localhost:" + port,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                JAAS.formatted("operator", password) + ";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                identity.pem().toString());
    }

    private Site site(Map<String, Object> kafka, String password, Optional<Trust> trust) {
        String address = "https://localhost:" + web.getAddress().getPort();
        return new Site(
                kafka,
                new RegistryAddress(address + "/registry", Optional.of("clerk"), Optional.of(password), trust),
                new StoreAddress(address, "us-east-1", "key", "secret", "photos", trust),
                new TopicPlan(true, 3, 1, Duration.ofDays(1)));
    }
}
