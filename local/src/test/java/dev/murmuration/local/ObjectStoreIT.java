package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.stage.store.StoreUnavailableException;
import dev.murmuration.stage.store.StoredObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store as every stage uses it, against the real S3 server. */
class ObjectStoreIT {

    private static final long MULTIPART_THRESHOLD = 1 << 20;
    private static final byte[] PHOTO = "photo".getBytes(StandardCharsets.UTF_8);

    private final PlatformSettings platform = platform();
    private final ObjectStore store = new ObjectStore(settings(platform.storeEndpoint(), Duration.ofSeconds(10)));
    private final String key = "test/" + UUID.randomUUID();

    @Test
    void givesBackWhatWasPut() {
        store.putIfAbsent(key, PHOTO, "image/jpeg");

        assertThat(store.get(key, Sha256.hex(PHOTO)))
                .isInstanceOfSatisfying(
                        Fetched.Found.class, found -> assertThat(found.value()).isEqualTo(PHOTO));
    }

    @Test
    void keepsTheFirstOfTwoPutsUnderOneKey() {
        assertThat(store.putIfAbsent(key, PHOTO, "image/jpeg")).isTrue();
        assertThat(store.putIfAbsent(key, new byte[] {1}, "image/jpeg")).isFalse();

        assertThat(store.get(key, Sha256.hex(PHOTO))).isInstanceOf(Fetched.Found.class);
    }

    @Test
    void tellsBytesThatAreNotWhatTheirHashPromises() {
        store.put(key, PHOTO, "image/jpeg");

        assertThat(store.get(key, Sha256.hex(new byte[0])))
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

        assertThat(store.download(key, Sha256.hex(PHOTO), folder.resolve("right")))
                .isEqualTo(new Fetched.Found<>(folder.resolve("right")));
        assertThat(store.download(key, Sha256.hex(new byte[0]), folder.resolve("wrong")))
                .isInstanceOf(Fetched.Damaged.class);

        assertThat(Files.readAllBytes(folder.resolve("right"))).isEqualTo(PHOTO);
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    @Test
    void putsAFileInOneRequestAndOnlyOnce(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("small"), PHOTO);
        String sha256 = Sha256.hex(PHOTO);

        assertThat(store.putIfAbsent(key, file, sha256, "image/jpeg")).isTrue();
        assertThat(store.putIfAbsent(key, file, sha256, "image/jpeg")).isFalse();

        assertThat(store.get(key, sha256)).isInstanceOf(Fetched.Found.class);
    }

    /** As many parts as take turns: each has other bytes. */
    @Test
    void uploadsALargeFileInPartsThatAddUp(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("large");
        byte[] large = new byte[(64 << 20) + 5];
        new Random(1).nextBytes(large);
        Files.write(file, large);
        String sha256 = Sha256.hex(file);

        assertThat(store.putIfAbsent(key, file, sha256, "application/x-tar")).isTrue();

        assertThat(store.download(key, sha256, folder.resolve("copy"))).isInstanceOf(Fetched.Found.class);
        assertThat(store.putIfAbsent(key, file, sha256, "application/x-tar")).isFalse();
    }

    @Test
    void putsLargeBytesOnlyOnce() {
        byte[] large = new byte[(16 << 20) + 5];

        assertThat(store.putIfAbsent(key, large, "application/x-tar")).isTrue();
        assertThat(store.putIfAbsent(key, large, "application/x-tar")).isFalse();

        assertThat(store.list(key))
                .singleElement()
                .extracting(StoredObject::bytes)
                .isEqualTo((16L << 20) + 5);
    }

    @Test
    void refusesBytesThatAreNotWhatTheirHashPromises() {
        ObjectStore impatient = new ObjectStore(settings(platform.storeEndpoint(), Duration.ofMillis(200)));

        assertThatThrownBy(() -> impatient.putIfAbsent(key, PHOTO, Sha256.hex(new byte[0]), "image/jpeg"))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(store.exists(key)).isFalse();
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
        ObjectStore waiting = new ObjectStore(stranger(
                "http://localhost:" + stalled.getAddress().getPort(),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                MULTIPART_THRESHOLD));
        Path file = Files.write(folder.resolve("photo"), PHOTO);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread uploading = Thread.ofPlatform().start(() -> {
            try {
                waiting.putIfAbsent(key, file, Sha256.hex(PHOTO), "image/jpeg");
            } catch (StoreUnavailableException | IOException e) {
                failure.set(e);
            }
        });

        isUploading.await();
        uploading.interrupt();
        uploading.join();

        assertThat(failure.get()).hasMessageContaining("put " + key);
        isOver.countDown();
        stalled.stop(0);
    }

    /** Its second part fails at first: the whole goes up again, and the store is told to forget what came of the first try. */
    @Test
    void beginsAnUploadAnewOfWhichAPartFailed(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("large"), new byte[(32 << 20) + 5]);
        List<String> requests = new CopyOnWriteArrayList<>();
        AtomicInteger uploads = new AtomicInteger();
        HttpServer failing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        failing.createContext("/", exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            CRC32 crc = new CRC32();
            crc.update(exchange.getRequestBody().readAllBytes());
            String promised = exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32");
            if (promised != null) {
                byte[] sum = ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array();
                assertThat(Base64.getDecoder().decode(promised)).isEqualTo(sum);
            }
            String method = exchange.getRequestMethod();
            requests.add(method + " " + query);
            boolean fails = query.contains("partNumber=2") && query.contains("uploadId=1");
            String body = fails
                    ? "<Error><Code>InternalError</Code><Message>a disk is gone</Message></Error>"
                    : query.equals("uploads=")
                            ? "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>%d</UploadId></InitiateMultipartUploadResult>"
                                    .formatted(uploads.incrementAndGet())
                            : "<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>0</ETag></CompleteMultipartUploadResult>";
            int status = fails ? 500 : method.equals("HEAD") ? 404 : 200;
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.getResponseHeaders().add("ETag", "\"0\"");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, method.equals("HEAD") ? -1 : bytes.length);
            if (!method.equals("HEAD")) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        failing.setExecutor(Executors.newCachedThreadPool());
        failing.start();
        try {
            ObjectStore patient = new ObjectStore(
                    settings("http://127.0.0.1:" + failing.getAddress().getPort(), Duration.ofSeconds(10)));

            assertThat(patient.putIfAbsent(key, file, Sha256.hex(file), "application/x-tar"))
                    .isTrue();
        } finally {
            failing.stop(0);
        }
        assertThat(requests)
                .contains("DELETE uploadId=1")
                .contains("PUT uploadId=2&partNumber=3")
                .endsWith("POST uploadId=2");
    }

    @Test
    void namesAThresholdThatNoStoreTakes() {
        StoreSettings wrong = stranger(
                platform.storeEndpoint(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                (5L << 30) + 1);

        assertThatThrownBy(() -> new ObjectStore(wrong))
                .isInstanceOf(SettingException.class)
                .hasMessage("s3.multipart-threshold = 5368709121: must be from 0 to 5368709120");
    }

    private static void awaitIn(HttpExchange exchange, CountDownLatch over) {
        try (exchange) {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void reachesAStoreThatRefuses() {
        new ObjectStore(stranger(
                        platform.storeEndpoint(),
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        MULTIPART_THRESHOLD))
                .reach();
    }

    PlatformSettings platform() {
        return TestPlatform.settings();
    }

    private StoreSettings stranger(String endpoint, Duration timeout, Duration connect, Duration read, long threshold) {
        return new At(
                endpoint,
                "nobody",
                "knows",
                "us-east-1",
                platform.bucket(),
                timeout,
                connect,
                read,
                64,
                1 << 20,
                threshold);
    }

    private StoreSettings settings(String endpoint, Duration timeout) {
        return new At(
                endpoint,
                platform.accessKey(),
                platform.secretKey(),
                "us-east-1",
                platform.bucket(),
                timeout,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                64,
                1 << 20,
                MULTIPART_THRESHOLD);
    }

    private record At(
            String endpoint,
            String accessKey,
            String secretKey,
            String region,
            String bucket,
            Duration timeout,
            Duration connectTimeout,
            Duration readTimeout,
            int maxRequests,
            long maxBytesInMemory,
            long multipartThreshold)
            implements StoreSettings {}
}
