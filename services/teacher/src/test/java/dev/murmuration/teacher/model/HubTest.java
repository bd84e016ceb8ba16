package dev.murmuration.teacher.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a hub of our own: small files with git's hash, the weights behind a redirect and with SHA-256, as Hugging Face has it. */
class HubTest {

    private static final String COMMIT = "1234567890123456789012345678901234567890";
    private static final byte[] WEIGHTS = weights();

    @TempDir
    Path cache;

    private final Map<String, byte[]> files = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private boolean lies;
    private int breaksOff;
    private long mostBytes = 1 << 20;

    @BeforeEach
    void start() throws IOException {
        files.put("config.json", "{\"model_type\": \"roberta\"}".getBytes(UTF_8));
        files.put("vocab.json", "{}".getBytes(UTF_8));
        files.put("merges.txt", "#version\n".getBytes(UTF_8));
        files.put("model.safetensors", WEIGHTS);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void fetchesAModelOnceAndThenAsksNobody() throws IOException {
        Path folder = fetch("main");
        int requests = asked.size();

        assertThat(fetch("main")).isEqualTo(folder);
        assertThat(asked).hasSize(requests);
        assertThat(folder).isEqualTo(cache.resolve("owner--name@main"));
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(WEIGHTS);
        assertThat(folder.resolve("config.json")).hasContent("{\"model_type\": \"roberta\"}");
    }

    @Test
    void takesAllFilesFromTheCommitOfTheFirst() {
        fetch("main");

        assertThat(asked.getFirst()).startsWith("/owner/name/resolve/main/config.json");
        assertThat(asked.stream().filter(path -> path.startsWith("/owner")).skip(1))
                .allMatch(path -> path.startsWith("/owner/name/resolve/" + COMMIT + "/"));
    }

    @Test
    void prefersTokenizerJsonAndTakesPickledWeightsWhereThereAreNoOthers() {
        files.put("tokenizer.json", "{}".getBytes(UTF_8));
        files.put("pytorch_model.bin", files.remove("model.safetensors"));

        assertThat(fetch("main"))
                .isDirectoryNotContaining("glob:**/vocab.json")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/pytorch_model.bin");
    }

    @Test
    void goesOnWhereItBrokeOff() throws IOException {
        breaksOff = 2;

        Path folder = fetch("main");

        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(WEIGHTS);
        assertThat(asked.stream().filter(path -> path.startsWith("/store/model.safetensors")))
                .containsExactly(
                        "/store/model.safetensors",
                        "/store/model.safetensors bytes=20000-",
                        "/store/model.safetensors bytes=40000-");
        assertThat(told).anyMatch(line -> line.contains("broke off"));
    }

    @Test
    void goesOnAtTheNextStart() throws IOException {
        breaksOff = 3;
        assertThatExceptionOfType(ModelException.class).isThrownBy(() -> fetch("main"));

        Path folder = fetch("main");

        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(WEIGHTS);
        assertThat(asked.getLast()).isEqualTo("/store/model.safetensors bytes=60000-");
    }

    @Test
    void tellsHowFarItIs() {
        fetch("main");

        assertThat(told).contains("hf://owner/name@main model.safetensors: 100000 of 100000 bytes (100 %)");
    }

    @Test
    void refusesAFileThatIsNotWhatTheHubPromised() {
        lies = true;

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> fetch("main"))
                .withMessageContaining("config.json has the hash ");
        assertThat(cache.resolve("owner--name@main")).doesNotExist();
    }

    @Test
    void refusesAFileOverTheLimit() {
        mostBytes = WEIGHTS.length - 1L;

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> fetch("main"))
                .withMessageContaining("has 100000 bytes; teacher.hub-max-bytes = 99999");
    }

    @Test
    void namesWhatTheHubDoesNotHave() {
        files.remove("model.safetensors");

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> fetch("main"))
                .withMessageContaining("owner/name has no model.safetensors, nor a pytorch_model.bin");
    }

    @Test
    void saysInOneLineThatItIsOffline() {
        server.stop(0);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> fetch("main"))
                .withMessageMatching(
                        "model hf://owner/name@main: not in .*, and cannot be fetched from http://.*: ConnectException .*")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    private Path fetch(String revision) {
        URI url = URI.create("http://localhost:" + server.getAddress().getPort());
        return new Hub(url, cache, mostBytes, Duration.ofSeconds(20), told::add).fetch("owner/name", revision);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(range == null ? path : path + " " + range);
            String name = path.substring(path.lastIndexOf('/') + 1);
            byte[] content = files.get(name);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
            Path file = Files.write(cache.resolve("server-" + name), content);
            if (path.startsWith("/owner") && name.equals("model.safetensors")) {
                exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + FileHash.like("0".repeat(64), file) + "\"");
                exchange.getResponseHeaders().set("Location", "/store/" + name);
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("ETag", "\"" + (lies ? "0".repeat(40) : FileHash.like("0".repeat(40), file)) + "\"");
            send(exchange, content, range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", "")));
        }
    }

    private void send(HttpExchange exchange, byte[] content, int from) throws IOException {
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        boolean breaks = breaksOff > 0 && content.length == WEIGHTS.length;
        if (breaks) {
            breaksOff--;
        }
        exchange.getResponseBody().write(Arrays.copyOfRange(content, from, breaks ? from + 20_000 : content.length));
        exchange.getResponseBody().flush();
    }

    private static byte[] weights() {
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }
}
