package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.examine.Examined;
import dev.murmuration.crawler.feed.Delivery;
import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.photo.AddressPolicy;
import dev.murmuration.crawler.photo.HostileServer;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.WebLimits;
import dev.murmuration.crawler.photo.WebPhotos;
import dev.murmuration.schemas.AuthorHash;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 64 photos of 10 MiB each, all asked for before the first one is answered, by a crawler of 512 MiB. */
class LargePhotosTest {

    private static final int PHOTOS = 64;
    private static final int MAX_BYTES = 10 << 20;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void sixtyFourPhotosOfTenMebibytesAtOnceFitIntoHalfAGibibyte() throws Exception {
        byte[] photo = noise();
        assertThat(photo.length).isBetween(MAX_BYTES - 100_000, MAX_BYTES);
        CountDownLatch asked = new CountDownLatch(PHOTOS);
        AtomicInteger n = new AtomicInteger();
        try (HostileServer server = new HostileServer("127.0.0.1")) {
            server.onAny(out -> {
                asked.countDown();
                await(asked);
                // Every other one does not say how long it is.
                String length = n.getAndIncrement() % 2 == 0 ? "Content-Length: " + photo.length + "\r\n" : "";
                out.write(("HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + "\r\n").getBytes(US_ASCII));
                out.write(photo);
            });

            List<String> printed = Forked.run("512m", Crawler64.class, Integer.toString(server.port()));

            assertThat(printed.getLast()).isEqualTo("64 stored");
        }
        assertThat(asked.getCount()).isZero();
    }

    private static void await(CountDownLatch asked) throws IOException {
        try {
            if (!asked.await(2, TimeUnit.MINUTES)) {
                throw new IOException("not all at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // What cannot be compressed: as many bytes as samples.
    private static byte[] noise() throws IOException {
        BufferedImage image = new BufferedImage(1866, 1866, BufferedImage.TYPE_3BYTE_BGR);
        byte[] samples = new byte[1866 * 1866 * 3];
        new Random(1).nextBytes(samples);
        image.getRaster().setDataElements(0, 0, 1866, 1866, samples);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    /** The crawler's examination with its default settings, but patient with a slow machine. */
    static final class Crawler64 {

        private Crawler64() {}

        public static void main(String... args) throws Exception {
            int port = Integer.parseInt(args[0]);
            AtomicInteger stored = new AtomicInteger();
            Examination examination = new Examination(
                    "x",
                    new Admission(Set.of("en"), 0, Set.of()),
                    new Declarations(10),
                    20,
                    new WebPhotos(
                            new WebLimits(
                                    Duration.ofMinutes(2),
                                    MAX_BYTES,
                                    3,
                                    PHOTOS,
                                    PHOTOS,
                                    Set.of(port),
                                    "murmuration",
                                    Set.of()),
                            new AddressPolicy(List.of("127.0.0.1/32")),
                            host -> List.of(InetAddress.getAllByName(host))),
                    new Inspection(new InspectionLimits(40_000_000, 32), 2),
                    (key, photo) -> stored.incrementAndGet(),
                    new AuthorHash("salt"),
                    new ByteBudget(128 << 20));
            List<Future<Examined>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < PHOTOS; i++) {
                    Post post = new Post(
                            "p" + i,
                            "a",
                            "en",
                            "text",
                            Instant.EPOCH,
                            Instant.EPOCH,
                            Optional.empty(),
                            List.of("http://127.0.0.1:" + port + "/" + i));
                    all.add(threads.submit(() -> examination.examine(new Delivery.Posted(post, new byte[0], "p"))));
                }
                for (Future<Examined> each : all) {
                    each.get().position();
                }
            }
            System.out.println(stored.get() + " stored");
            System.exit(0);
        }
    }
}
