package dev.murmuration.stage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.settings.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a store that answers what no right one would. */
class ObjectStoreTest {

    private static final String INITIATED =
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>";
    private static final String COMPLETED =
            "<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>\"e\"</ETag></CompleteMultipartUploadResult>";

    @TempDir
    private Path folder;

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private volatile String firstCompletion = COMPLETED;
    private volatile boolean storesAtFirst;
    private volatile String refusal = "";
    private volatile boolean isStored;

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

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String what = exchange.getRequestMethod() + (query.startsWith("upload") ? " uploads" : "");
        requests.add(what);
        if (!refusal.isEmpty()) {
            send(exchange, 403, "<Error><Code>" + refusal + "</Code><Message>m</Message></Error>");
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                if (query.startsWith("uploads")) {
                    send(exchange, 200, INITIATED);
                } else {
                    boolean isFirst = Collections.frequency(requests, "POST uploads") == 2;
                    isStored |= !isFirst || storesAtFirst;
                    send(exchange, 200, isFirst ? firstCompletion : COMPLETED);
                }
            }
            case "HEAD" -> {
                exchange.getResponseHeaders().set("ETag", "\"e\"");
                exchange.getResponseHeaders().set("Last-Modified", "Sun, 29 Nov 2026 00:00:00 GMT");
                exchange.getResponseHeaders().set("Content-Length", "11");
                exchange.sendResponseHeaders(isStored ? 200 : 404, -1);
                exchange.close();
            }
            case "DELETE" -> {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
            default -> send(exchange, 200, "");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private TestStoreSettings settings() {
        return TestStoreSettings.at("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private boolean put() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "eleven byte");
        return new ObjectStore(settings()).putIfAbsent("k", file, Sha256.hex(file), "text/plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n ",
                "<CompleteMultipartUploadResult><Loc",
                "<html><body>502 Bad Gateway</body></html>",
                "\u0000\u0001",
                "<Error><Code>InternalError</Code><Message>try again</Message></Error>"
            })
    void completesAnUploadAgainUntilTheStoreSaysThatItIsThere(String answer) throws IOException {
        firstCompletion = answer;

        assertThat(put()).isTrue();

        assertThat(isStored).isTrue();
    }

    @Test
    void takesAnUploadForCompleteThatIsThereWhateverTheAnswerWas() throws IOException {
        firstCompletion = "";
        storesAtFirst = true;

        assertThat(put()).isTrue();

        assertThat(Collections.frequency(requests, "POST uploads")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "", "Bucket", "a..b", "192.168.1.1", "a_b"})
    void refusesABucketThatNoStoreCanHave(String bucket) {
        assertThatThrownBy(() -> new ObjectStore(settings().withBucket(bucket)))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("s3.bucket = " + bucket + ": ");
        assertThat(requests).isEmpty();
    }

    @Test
    void refusesSettingsThatNoStoreCanBeReachedWith() {
        assertThatThrownBy(() -> new ObjectStore(TestStoreSettings.at("localhost:nine thousand")))
                .hasMessageStartingWith("s3.endpoint = localhost:nine thousand: ");
        assertThatThrownBy(() -> new ObjectStore(settings().withKeys("", "s")))
                .hasMessage("s3.access-key = : must not be empty");
        assertThatThrownBy(() -> new ObjectStore(settings().withKeys("a", " ")))
                .hasMessage("s3.secret-key = : must not be empty");
        assertThatThrownBy(() -> new ObjectStore(settings().withReadTimeout(Duration.ZERO)))
                .hasMessage("s3.read-timeout = PT0S: must be from 1 to 2147483647 ms");
    }

    @Test
    void takesAKeyThatTheStoreRefusesForAWrongSettingAtOnce() {
        ObjectStore store = new ObjectStore(settings());

        refusal = "InvalidAccessKeyId";
        assertThatThrownBy(store::awaitBucket)
                .isInstanceOf(SettingException.class)
                .hasMessage("s3.access-key = murmuration: the store says InvalidAccessKeyId");
        refusal = "SignatureDoesNotMatch";
        assertThatThrownBy(store::awaitBucket)
                .isInstanceOf(SettingException.class)
                .hasMessage("s3.secret-key = (not shown): the store says SignatureDoesNotMatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "a/../b", "./a", "a\nb", "\ud800"})
    void hasNothingUnderAKeyThatNoObjectCanHave(String key) throws IOException {
        ObjectStore store = new ObjectStore(settings());

        assertThat(store.get(key)).isInstanceOf(Fetched.Missing.class);
        assertThat(store.exists(key)).isFalse();
        assertThat(store.download(key, "0".repeat(64), folder.resolve("none"))).isInstanceOf(Fetched.Missing.class);
        assertThatThrownBy(() -> store.put(key, new byte[1], "text/plain"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(requests).isEmpty();
    }

    @Test
    void limitsTheLengthOfKeysAndOfTheirParts() {
        assertThat(ObjectKey.isPossible("a".repeat(255) + "/" + "b".repeat(255)))
                .isTrue();
        assertThat(ObjectKey.isPossible("a".repeat(256))).isFalse();
        assertThat(ObjectKey.isPossible("ab/".repeat(341) + "c")).isTrue();
        assertThat(ObjectKey.isPossible("ab/".repeat(341) + "cd")).isFalse();
    }
}
