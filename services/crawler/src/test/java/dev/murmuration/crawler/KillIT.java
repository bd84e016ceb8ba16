package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.LiveBroadcast.Sent;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.live.JetstreamServer;
import dev.murmuration.crawler.photo.HostileServer;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.stage.store.StoredObject;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crawl of every kind of feed, killed (kill -9) at random moments, and the next one goes on. Feeds that can be read again leave
 * on the topics what one undisturbed crawl sends, in its order, once. Of feeds that cannot, nothing is there twice, and whatever
 * is missing lies in a gap that the cursor has counted.
 */
class KillIT {

    private static final int KILLS = 3;
    private static final int RECORDS_A_SECOND = 30;
    private static final int BETWEEN_KILLS = 25;
    private static final int PARTITIONS = 2;
    private static final List<String> FEEDS = List.of("recorded", "simulator", "bluesky", "x", "mastodon");

    @TempDir
    Path folder;

    private final Map<String, String> platform = SharedPlatform.settings().forServices();
    private final Path log = Path.of("target", "killed-crawls.log");
    private final String broker = Objects.requireNonNull(platform.get("kafka.bootstrap.servers"));
    private final RegistrySettings registry =
            RegistrySettings.apicurio(Objects.requireNonNull(platform.get("registry.url")));

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void nothingIsLostAndNothingIsDoubledAndGapsAreCounted() throws Exception {
        SharedPlatform.recreateTopics();
        KillScene.record(folder);
        List<String> events = KillScene.jetstream();
        try (HostileServer photos = new HostileServer("127.0.0.1");
                JetstreamServer bluesky = new JetstreamServer(events);
                LiveBroadcast x =
                        new LiveBroadcast((n, at) -> KillScene.xLine("x-", n, at, url(photos)) + "\r\n", 40, 5);
                LiveBroadcast mastodon =
                        new LiveBroadcast((n, at) -> KillScene.mastodonEvent(n, at, url(photos)), 40, 0);
                CommittedCursors cursors = new CommittedCursors(broker, registry)) {
            for (int i = 0; i < KillScene.PHOTOS; i++) {
                byte[] response = KillScene.response(i);
                photos.on("/photo" + i, out -> out.write(response));
            }
            bluesky.pace(RECORDS_A_SECOND);
            CrawlProcess.Sources sources = new CrawlProcess.Sources(
                    folder, bluesky.url(), x.url(), mastodon.url(), address(photos), RECORDS_A_SECOND);

            killAtRandom(sources, cursors);
            bluesky.pace(0);
            Process last = start(sources.withRate(0));
            cursors.await("recorded", Cursor::getEnded, last);
            cursors.await("simulator", Cursor::getEnded, last);
            cursors.await("bluesky", cursor -> cursor.getRecords() == events.size(), last);
            List<Sent> ofX = x.end();
            List<Sent> ofMastodon = mastodon.end();
            cursors.await("x", cursor -> cursor.getRecentIds().contains("x-" + (ofX.size() - 1)), last);
            cursors.await(
                    "mastodon", cursor -> cursor.getRecentIds().contains("127.0.0.1/" + (ofMastodon.size() - 1)), last);
            last.destroyForcibly();
            assertThat(last.waitFor()).isNotZero();

            checkAgainstUndisturbedCrawls(sources.withRate(0), cursors);
            checkGaps("x-", ofX, cursors.of("x"));
            checkGaps("127.0.0.1/", ofMastodon, cursors.of("mastodon"));
            checkPhotos();
        }
    }

    private void killAtRandom(CrawlProcess.Sources sources, CommittedCursors cursors) throws Exception {
        Random random = new Random(5);
        Map<String, Integer> hits = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Process crawl = start(sources);
            for (String feed : FEEDS) {
                long before = cursors.of(feed).getRecords();
                cursors.await(
                        feed, cursor -> cursor.getRecords() >= before + BETWEEN_KILLS || isOver(feed, cursor), crawl);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
            crawl.destroyForcibly();
            assertThat(crawl.waitFor()).isNotZero();
            for (String feed : FEEDS) {
                hits.merge(feed, isOver(feed, cursors.of(feed)) ? 0 : 1, Integer::sum);
            }
        }
        // Or there was nothing to kill: on a machine so slow that others finish before the last one begins.
        assertThat(hits).allSatisfy((feed, times) -> assertThat(times).as(feed).isPositive());
    }

    private static boolean isOver(String feed, Cursor cursor) {
        return cursor.getEnded() || (feed.equals("bluesky") && cursor.getRecords() == KillScene.RECORDS);
    }

    private void checkAgainstUndisturbedCrawls(CrawlProcess.Sources sources, CommittedCursors cursors)
            throws Exception {
        Map<String, Feed> feeds = sources.feeds();
        Map<String, String> prefixes = Map.of("recorded", "rec-", "simulator", "19", "bluesky", "at://");
        long malformed = 0;
        for (Map.Entry<String, String> prefix : prefixes.entrySet()) {
            String feed = prefix.getKey();
            Undisturbed expected = Undisturbed.crawl(
                    feed, Objects.requireNonNull(feeds.get(feed)), KillScene.RECORDS, feed.equals("bluesky"));
            assertThat(cursors.of(feed))
                    .usingRecursiveComparison()
                    // A window's position names the same events in another order.
                    .ignoringFields("at", feed.equals("bluesky") ? "position" : "at")
                    .isEqualTo(expected.cursor());
            assertThat(keys("tweets", prefix.getValue(), feed))
                    .as("tweets of " + feed)
                    .isEqualTo(byPartition(expected.tweetKeys()));
            assertThat(keys("rejections", prefix.getValue(), feed))
                    .as("rejections of " + feed)
                    .isEqualTo(byPartition(expected.rejectionKeys()));
            malformed += expected.cursor().getMalformed();
        }
        assertThat(CommittedRecords.of(broker, "crawler-dead-letters")).hasSize((int) malformed);
    }

    private void checkGaps(String prefix, List<Sent> sent, Cursor cursor) {
        List<String> seen = new ArrayList<>();
        for (String topic : List.of("tweets", "rejections")) {
            keys(topic, prefix, "none").forEach(key -> seen.add(key.substring(key.indexOf('/') + 1)));
        }
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(cursor.getGaps()).isGreaterThanOrEqualTo(KILLS);
        Set<String> there = new HashSet<>(seen);
        int runs = 0;
        long missingMillis = 0;
        for (int i = 0; i < sent.size(); i++) {
            boolean missing = !there.contains(prefix + sent.get(i).n());
            boolean first = missing
                    && (i == 0 || there.contains(prefix + sent.get(i - 1).n()));
            runs += first ? 1 : 0;
            missingMillis +=
                    missing && !first ? sent.get(i).at() - sent.get(i - 1).at() : 0;
        }
        assertThat(runs).as("breaks of " + prefix).isBetween(1, (int) cursor.getGaps());
        assertThat(missingMillis).as("what is missing of " + prefix).isLessThanOrEqualTo(cursor.getGapMillis());
    }

    private void checkPhotos() {
        Set<String> stored =
                store().list("images/").stream().map(StoredObject::key).collect(Collectors.toSet());
        Set<String> named = new HashSet<>(CommittedTweets.imageKeys(broker, registry));
        assertThat(named).isNotEmpty();
        assertThat(stored).containsAll(named);
    }

    // "<partition>/<key>" of one feed's records, in the order of each partition.
    private List<String> keys(String topic, String prefix, String feed) {
        List<String> keys = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(broker, topic)) {
            String key = new String(record.key(), UTF_8);
            if (key.startsWith(prefix) || key.endsWith(":" + feed + ":" + record.partition())) {
                keys.add(record.partition() + "/" + key);
            }
        }
        return keys;
    }

    private static List<String> byPartition(List<String> keys) {
        List<String> sorted = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (String key : keys) {
                if (partition(key) == partition) {
                    sorted.add(partition + "/" + key);
                }
            }
        }
        return sorted;
    }

    private static int partition(String key) {
        return key.matches(".*:[a-z]+:\\d")
                ? Character.digit(key.charAt(key.length() - 1), 10)
                : Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % PARTITIONS;
    }

    private static String address(HostileServer server) {
        return "http://127.0.0.1:" + server.port();
    }

    private static String url(HostileServer photos) {
        return address(photos) + "/photo%d";
    }

    private Process start(CrawlProcess.Sources sources) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true"));
        platform.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(sources.asProperties());
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CrawlProcess.class.getName()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
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
