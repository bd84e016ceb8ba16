package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.stage.StoreUnavailableException;
import dev.murmuration.stage.StoredObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store as every stage uses it, against the real S3 server. */
class ObjectStoreIT {

    private static final byte[] PHOTO = "photo".getBytes(StandardCharsets.UTF_8);

    private final PlatformSettings platform = platform();
    private final ObjectStore store = new ObjectStore(settings(platform.storeEndpoint(), Duration.ofSeconds(10)));
    private final String key = "test/" + UUID.randomUUID();

    @Test
    void givesBackWhatWasPut() {
        store.putIfAbsent(key, PHOTO, "image/jpeg");

        assertThat(store.get(key, ObjectStore.sha256(PHOTO)))
                .isInstanceOfSatisfying(
                        Fetched.Found.class, found -> assertThat(found.value()).isEqualTo(PHOTO));
    }

    @Test
    void keepsTheFirstOfTwoPutsUnderOneKey() {
        assertThat(store.putIfAbsent(key, PHOTO, "image/jpeg")).isTrue();
        assertThat(store.putIfAbsent(key, new byte[] {1}, "image/jpeg")).isFalse();

        assertThat(store.get(key, ObjectStore.sha256(PHOTO))).isInstanceOf(Fetched.Found.class);
    }

    @Test
    void tellsBytesThatAreNotWhatTheirHashPromises() {
        store.put(key, PHOTO, "image/jpeg");

        assertThat(store.get(key, ObjectStore.sha256(new byte[0])))
                .isInstanceOfSatisfying(
                        Fetched.Damaged.class,
                        damaged -> assertThat(damaged.detail()).contains(key));
    }

    @Test
    void tellsWhatIsMissing() {
        assertThat(store.get(key)).isInstanceOf(Fetched.Missing.class);
        assertThat(store.exists(key)).isFalse();
    }

    @Test
    void downloadsToAFileAndLeavesNoneWhenTheBytesAreWrong(@TempDir Path folder) throws IOException {
        store.put(key, PHOTO, "application/x-tar");

        assertThat(store.download(key, ObjectStore.sha256(PHOTO), folder.resolve("right")))
                .isEqualTo(new Fetched.Found<>(folder.resolve("right")));
        assertThat(store.download(key, ObjectStore.sha256(new byte[0]), folder.resolve("wrong")))
                .isInstanceOf(Fetched.Damaged.class);

        assertThat(Files.readAllBytes(folder.resolve("right"))).isEqualTo(PHOTO);
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    @Test
    void uploadsALargeFileInPartsThatAddUp(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("large");
        Files.write(file, new byte[(16 << 20) + 5]);
        String sha256 = ObjectStore.sha256(file);

        assertThat(store.putIfAbsent(key, file, sha256, "application/x-tar")).isTrue();

        assertThat(store.download(key, sha256, folder.resolve("copy"))).isInstanceOf(Fetched.Found.class);
        assertThat(store.putIfAbsent(key, file, sha256, "application/x-tar")).isFalse();
    }

    @Test
    void putsLargeBytesInPartsAndOnlyOnce() {
        byte[] large = new byte[(16 << 20) + 5];

        assertThat(store.putIfAbsent(key, large, "application/x-tar")).isTrue();
        assertThat(store.putIfAbsent(key, large, "application/x-tar")).isFalse();

        assertThat(store.list(key))
                .singleElement()
                .extracting(StoredObject::bytes)
                .isEqualTo((16L << 20) + 5);
    }

    @Test
    void findsOutThatTheStoreTakesConditionalPuts() {
        assertThat(store.probeConditionalPuts(key)).isTrue();
    }

    @Test
    void looksFirstWhereTheStoreTakesNoConditions() throws IOException {
        byte[] once = {1};
        Set<String> written = ConcurrentHashMap.newKeySet();
        HttpServer old = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        old.createContext("/", request -> {
            request.getRequestBody().readAllBytes();
            String path = request.getRequestURI().getPath();
            boolean isPut = request.getRequestMethod().equals("PUT");
            boolean isConditional = request.getRequestHeaders().containsKey("If-None-Match");
            int status = isConditional ? 501 : isPut || written.contains(path) ? 200 : 404;
            if (status == 200 && isPut && !written.add(path) && !path.contains("probe")) {
                status = 500;
            }
            request.getResponseHeaders().add("ETag", "\"0\"");
            request.getResponseHeaders().add("Last-Modified", "Mon, 04 Apr 2022 12:00:00 GMT");
            byte[] problem = status < 300 || request.getRequestMethod().equals("HEAD")
                    ? new byte[0]
                    : "<Error><Code>NotImplemented</Code><Message>If-None-Match</Message></Error>"
                            .getBytes(StandardCharsets.UTF_8);
            request.getResponseHeaders().add("Content-Type", "application/xml");
            request.sendResponseHeaders(status, problem.length == 0 ? -1 : problem.length);
            if (problem.length > 0) {
                request.getResponseBody().write(problem);
            }
            request.close();
        });
        old.start();
        try {
            ObjectStore plain = new ObjectStore(
                    settings("http://127.0.0.1:" + old.getAddress().getPort(), Duration.ofSeconds(10)));

            assertThat(plain.probeConditionalPuts("probe")).isFalse();
            assertThat(plain.putIfAbsent(key, once, "image/jpeg")).isTrue();
            assertThat(plain.putIfAbsent(key, once, "image/jpeg")).isFalse();
        } finally {
            old.stop(0);
        }
    }

    @Test
    void listsAndDeletesByPrefix() {
        store.put(key + "/a", PHOTO, "image/jpeg");
        store.put(key + "/b", PHOTO, "image/jpeg");
        store.delete(key + "/a");

        assertThat(store.list(key + "/"))
                .singleElement()
                .extracting(StoredObject::key, StoredObject::bytes)
                .containsExactly(key + "/b", 5L);
    }

    @Test
    void namesAStoreThatStaysAway() {
        ObjectStore nowhere = new ObjectStore(settings("http://127.0.0.1:1", Duration.ofMillis(300)));

        assertThatThrownBy(() -> nowhere.get(key))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("check s3.endpoint");
        assertThat(nowhere.answers()).isFalse();
    }

    /** A test of its end: whoever waited would do so for an hour. */
    @Test
    void doesNotWaitForAStoreThatIsNotThereWhereItIsOnlyReachedFor() {
        ObjectStore nowhere = new ObjectStore(settings("http://127.0.0.1:1", Duration.ofHours(1)));

        assertThatThrownBy(nowhere::reach)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("cannot be reached");
        store.reach();
    }

    @Test
    @Timeout(60)
    void waitsNoLongerOnceItsThreadIsInterrupted(@TempDir Path folder) throws IOException, InterruptedException {
        CountDownLatch isUploading = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        HttpServer stalled = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalled.createContext("/", exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            } else {
                isUploading.countDown();
                awaitIn(exchange, isOver);
            }
        });
        stalled.setExecutor(Executors.newCachedThreadPool());
        stalled.start();
        ObjectStore waiting = new ObjectStore(new At(
                "http://localhost:" + stalled.getAddress().getPort(),
                "nobody",
                "knows",
                "us-east-1",
                platform.bucket(),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                1 << 20));
        Path file = Files.write(folder.resolve("photo"), PHOTO);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread uploading = Thread.ofPlatform().start(() -> {
            try {
                waiting.putIfAbsent(key, file, ObjectStore.sha256(PHOTO), "image/jpeg");
            } catch (StoreUnavailableException ended) {
                failure.set(ended);
            }
        });

        isUploading.await();
        uploading.interrupt();
        uploading.join();

        assertThat(failure.get()).hasMessageContaining("put " + key);
        isOver.countDown();
        stalled.stop(0);
    }

    private static void awaitIn(HttpExchange exchange, CountDownLatch over) {
        try (exchange) {
            over.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void reachesAStoreThatRefuses() {
        new ObjectStore(new At(
                        platform.storeEndpoint(),
                        "nobody",
                        "knows",
                        "us-east-1",
                        platform.bucket(),
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        1 << 20))
                .reach();
    }

    PlatformSettings platform() {
        return TestPlatform.settings();
    }

    private StoreSettings settings(String endpoint, Duration patience) {
        return new At(
                endpoint,
                platform.accessKey(),
                platform.secretKey(),
                "us-east-1",
                platform.bucket(),
                patience,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                1 << 20);
    }

    private record At(
            String endpoint,
            String accessKey,
            String secretKey,
            String region,
            String bucket,
            Duration patience,
            Duration connectTimeout,
            Duration readTimeout,
            long maxBytesInMemory)
            implements StoreSettings {}
}
