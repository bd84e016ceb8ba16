package dev.murmuration.crawler;

import dev.murmuration.crawler.examine.Admission;
import dev.murmuration.crawler.examine.ByteBudget;
import dev.murmuration.crawler.examine.Declarations;
import dev.murmuration.crawler.examine.Examination;
import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.feed.Oddities;
import dev.murmuration.crawler.feed.PlausibleTimes;
import dev.murmuration.crawler.feed.live.BlueskyFeed;
import dev.murmuration.crawler.feed.live.LiveLimits;
import dev.murmuration.crawler.feed.live.MastodonFeed;
import dev.murmuration.crawler.feed.live.XFeed;
import dev.murmuration.crawler.feed.recorded.RecordedFeed;
import dev.murmuration.crawler.photo.AddressPolicy;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.WebLimits;
import dev.murmuration.crawler.photo.WebPhotos;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.schemas.AuthorHash;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.simulator.World;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A crawl of each kind of feed, side by side in one process on the real platform, without Quarkus around them, so that a test can
 * kill all of them in seconds. Reads from its system properties where the platform and the feeds are.
 */
final class CrawlProcess {

    static final World WORLD = new World(11, 64, 0.85, 0.5, List.of(1.0, 1.0, 1.0));

    /** Where the feeds are. */
    record Sources(Path recorded, String bluesky, String x, String mastodon, String photos, int recordsASecond) {

        /** The feeds, by the names under which their cursors are kept. */
        Map<String, Feed> feeds() throws IOException {
            PhotoSource web = web();
            LiveLimits limits = new LiveLimits(Duration.ofSeconds(10), Duration.ofSeconds(20), 1 << 16);
            PlausibleTimes times = new PlausibleTimes(Clock.systemUTC(), Duration.ofMinutes(5), Oddities.ignored());
            Map<String, Feed> feeds = new LinkedHashMap<>();
            feeds.put(
                    "recorded",
                    new RecordedFeed(
                            recorded,
                            new RecordedFeed.Settings(1 << 16, 1 << 20, false, recordsASecond, Duration.ofSeconds(1)),
                            times,
                            web));
            feeds.put("simulator", new SimulatedFeed(WORLD, KillScene.RECORDS, recordsASecond));
            feeds.put(
                    "bluesky",
                    new BlueskyFeed(
                            new BlueskyFeed.Settings(
                                    URI.create(bluesky),
                                    photos + "/{cid}",
                                    Duration.ofMillis(10),
                                    Duration.ofHours(24),
                                    Optional.empty()),
                            limits,
                            web,
                            times));
            feeds.put("x", new XFeed(x, XFeed.Stream.SAMPLED, "token", 0, limits, web, times));
            feeds.put(
                    "mastodon",
                    new MastodonFeed(mastodon, MastodonFeed.Timeline.PUBLIC, Optional.empty(), limits, web, times));
            return feeds;
        }

        Sources withRate(int recordsASecond) {
            return new Sources(recorded, bluesky, x, mastodon, photos, recordsASecond);
        }

        private WebPhotos web() {
            int port = URI.create(photos).getPort();
            return new WebPhotos(
                    new WebLimits(Duration.ofSeconds(30), 1 << 20, 3, 64, 8, Set.of(port), "murmuration", Set.of()),
                    new AddressPolicy(List.of("127.0.0.1/32")),
                    host -> List.of(InetAddress.getAllByName(host)));
        }

        List<String> asProperties() {
            return List.of(
                    "-Dcrawl.recorded=" + recorded,
                    "-Dcrawl.bluesky=" + bluesky,
                    "-Dcrawl.x=" + x,
                    "-Dcrawl.mastodon=" + mastodon,
                    "-Dcrawl.photos=" + photos,
                    "-Dcrawl.rate=" + recordsASecond);
        }

        private static Sources ofProperties(SmallRyeConfig config) {
            return new Sources(
                    Path.of(config.getValue("crawl.recorded", String.class)),
                    config.getValue("crawl.bluesky", String.class),
                    config.getValue("crawl.x", String.class),
                    config.getValue("crawl.mastodon", String.class),
                    config.getValue("crawl.photos", String.class),
                    config.getValue("crawl.rate", Integer.class));
        }
    }

    private CrawlProcess() {}

    /** Crawls on from the last commits, until it is killed. */
    public static void main(String... args) throws Exception {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withMappingIgnore("**")
                .build();
        ObjectStore store = new ObjectStore(config.getConfigMapping(StoreSettings.class));
        List<Thread> crawls = new ArrayList<>();
        for (Map.Entry<String, Feed> feed : Sources.ofProperties(config).feeds().entrySet()) {
            crawls.add(Thread.ofPlatform().start(() -> crawl(feed.getKey(), feed.getValue(), config, store)));
        }
        for (Thread crawl : crawls) {
            crawl.join();
        }
    }

    private static void crawl(String name, Feed feed, SmallRyeConfig config, ObjectStore store) {
        String broker = config.getValue("kafka.bootstrap.servers", String.class);
        RegistrySettings registry = RegistrySettings.apicurio(config.getValue("registry.url", String.class));
        try (Transactions transactions = new Transactions(
                        Map.of("bootstrap.servers", broker),
                        "crawler." + name,
                        Duration.ofSeconds(60),
                        producer -> {});
                EventWriter writer = new EventWriter(registry)) {
            transactions.open();
            CommittedState remembered = new CommittedState(Map.of("bootstrap.servers", broker), registry);
            SentTweets sent = remembered.sentTweets(feed.source(), 10_000);
            CrawlState ledger = ledger(remembered.cursor(name), feed.source(), sent);
            Outlet outlet = new KafkaOutlet(name, writer, transactions);
            crawl(
                            feed,
                            ledger,
                            outlet,
                            (key, bytes) -> store.putIfAbsent(key, bytes, "image/jpeg"),
                            remembered.tweetPartitions())
                    .run();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the crawl of " + name + " failed", e);
        }
    }

    static CrawlState ledger(Cursor from, String source, SentTweets sent) {
        return new CrawlState(
                from,
                source,
                new AuthorHash("salt"),
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                200,
                sent,
                new EventLimit(900_000),
                Clock.systemUTC());
    }

    /** The same crawl, wherever its commits and its photos go. */
    static Crawl crawl(Feed feed, CrawlState ledger, Outlet outlet, BiConsumer<String, byte[]> store, int partitions) {
        Examination examination = new Examination(
                feed.source(),
                new Admission(Set.of("en"), 5, Set.of()),
                new Declarations(10),
                20,
                feed.photos(),
                new Inspection(new InspectionLimits(40_000_000, 32), 2),
                (key, photo) -> store.accept(key, photo.bytes()),
                new AuthorHash("salt"),
                new ByteBudget(64 << 20));
        return new Crawl(
                feed,
                examination,
                ledger,
                outlet,
                partitions,
                new Crawl.Limits(32, 20, Duration.ofMillis(300)),
                new StallDetector(Clock.systemUTC(), Duration.ofMinutes(1)));
    }
}
