package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** kill -9 at random moments, and the next one goes on: what is on the topics in the end is what one undisturbed crawl sends, in its order, once. */
class KillIT {

    private static final int KILLS = 3;
    private static final int DELIVERIES_A_SECOND = 150;

    private final Map<String, String> platform = TestPlatform.settings().forServices();
    private final Path log = Path.of("target", "killed-crawls.log");
    private final String broker = Objects.requireNonNull(platform.get("kafka.bootstrap.servers"));
    private final Remembered remembered = new Remembered(
            Map.of("bootstrap.servers", broker),
            RegistrySettings.apicurio(Objects.requireNonNull(platform.get("registry.url"))));

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void nothingIsLostAndNothingIsDoubled() throws Exception {
        TestPlatform.recreateTopics();
        Random random = new Random(5);

        for (int kill = 1; kill <= KILLS; kill++) {
            Process crawl = start(DELIVERIES_A_SECOND);
            awaitRecords(kill * CrawlProcess.RECORDS / (KILLS + 2), crawl);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
            crawl.destroyForcibly();
            assertThat(crawl.waitFor()).isNotZero();
            assertThat(remembered.cursor(CrawlProcess.FEED).getEnded()).isFalse();
        }
        assertThat(start(0).waitFor()).isZero();

        checkAgainst(undisturbed());
    }

    private void checkAgainst(Expected expected) {
        assertThat(expected.cursor.getRecords()).isEqualTo(CrawlProcess.RECORDS);
        assertThat(remembered.cursor(CrawlProcess.FEED))
                .usingRecursiveComparison()
                .ignoringFields("at")
                .isEqualTo(expected.cursor);
        assertThat(keys("tweets")).isEqualTo(byPartition(expected.tweetKeys));
        assertThat(keys("rejections")).isEqualTo(byPartition(expected.rejectionKeys));
        assertThat(CommittedRecords.of(broker, "crawler-dead-letters")).hasSize((int) expected.cursor.getMalformed());
        for (Image image : expected.images) {
            assertThat(store().exists(image.getKey())).as(image.getKey()).isTrue();
        }
    }

    /** What one crawl sends that nobody kills. */
    private static final class Expected implements Outlet {
        private final List<String> tweetKeys = new ArrayList<>();
        private final List<String> rejectionKeys = new ArrayList<>();
        private final List<Image> images = new ArrayList<>();
        private Cursor cursor = Ledger.beginning(CrawlProcess.FEED);

        @Override
        public void commit(List<Outgoing> outgoing, Cursor now) {
            cursor = now;
            for (Outgoing each : outgoing) {
                switch (each) {
                    case Outgoing.Tweet(var tweet) -> {
                        tweetKeys.add(tweet.getId());
                        images.addAll(tweet.getImages());
                    }
                    case Outgoing.Tombstone(String id) -> tweetKeys.add(id);
                    case Outgoing.Rejection(var rejection) -> rejectionKeys.add(rejection.getTweetId());
                    case Outgoing.End(var marker) -> tweetKeys.add(marker.partition() + "/" + marker.key());
                    case Outgoing.DeadLetter letter -> {}
                }
            }
        }
    }

    private Expected undisturbed() throws IOException, InterruptedException {
        Expected expected = new Expected();
        CrawlProcess.crawl(
                        new SimulatedFeed(CrawlProcess.WORLD, CrawlProcess.RECORDS, 0),
                        expected.cursor,
                        new SentTweets(10_000),
                        expected,
                        store(),
                        2)
                .run();
        return expected;
    }

    private List<String> keys(String topic) {
        List<String> keys = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(broker, topic)) {
            keys.add(record.partition() + "/" + new String(record.key(), UTF_8));
        }
        return keys;
    }

    private static List<String> byPartition(List<String> keys) {
        List<String> sorted = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            for (String key : keys) {
                String placed =
                        key.contains("/") ? key : Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % 2 + "/" + key;
                if (placed.startsWith(partition + "/")) {
                    sorted.add(placed);
                }
            }
        }
        return sorted;
    }

    private Process start(int deliveriesASecond) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true"));
        platform.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CrawlProcess.class.getName(),
                Integer.toString(deliveriesASecond)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitRecords(long records, Process crawl) {
        while (remembered.cursor(CrawlProcess.FEED).getRecords() < records) {
            assertThat(crawl.isAlive()).as("the crawl lives; see " + log).isTrue();
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private ObjectStore store() {
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(platform, "platform", 100))
                .withMapping(StoreSettings.class)
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
    }
}
