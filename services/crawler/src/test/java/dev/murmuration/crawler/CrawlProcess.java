package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Feed;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.crawler.simulator.SimulatedFeed;
import dev.murmuration.crawler.simulator.World;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.stage.Transactions;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The crawl as a process of its own on the real platform, without Quarkus around it, so that a test can kill it in seconds. Reads where the platform is from its system properties. */
final class CrawlProcess {

    static final String FEED = "killed";
    static final int RECORDS = 900;
    static final World WORLD = new World(11, 64, 0.85, 0.5, List.of(1.0, 1.0, 1.0));

    private CrawlProcess() {}

    /** Crawls on from the last commit and ends with the feed. */
    public static void main(String... args) throws Exception {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withMappingIgnore("**")
                .build();
        String broker = config.getValue("kafka.bootstrap.servers", String.class);
        RegistrySettings registry = RegistrySettings.apicurio(config.getValue("registry.url", String.class));
        ObjectStore store = new ObjectStore(config.getConfigMapping(StoreSettings.class));
        try (Producer<byte[], byte[]> producer = new org.apache.kafka.clients.producer.KafkaProducer<>(
                        Map.of("bootstrap.servers", broker, "transactional.id", "crawler." + FEED),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                EventWriter writer = new EventWriter(registry)) {
            producer.initTransactions();
            Remembered remembered = new Remembered(Map.of("bootstrap.servers", broker), registry);
            Outlet outlet = new KafkaOutlet(FEED, writer, new Transactions(channelOf(producer)));
            Feed feed = new SimulatedFeed(WORLD, RECORDS, Double.parseDouble(args[0]));
            crawl(
                            feed,
                            remembered.cursor(FEED),
                            remembered.sentTweets(feed.source(), 10_000),
                            outlet,
                            store,
                            remembered.tweetPartitions())
                    .run();
        }
        System.exit(0);
    }

    /** The same crawl, wherever its commits go. */
    static Crawl crawl(Feed feed, Cursor from, SentTweets sent, Outlet outlet, ObjectStore store, int partitions) {
        AuthorHash authors = new AuthorHash("salt");
        Examination examination = new Examination(
                feed.source(),
                new Admission(Set.of("en"), 5),
                feed.photos(),
                new Inspection(new InspectionLimits(40_000_000, 32), 2),
                (key, photo) -> store.putIfAbsent(key, photo.bytes(), photo.mediaType()),
                authors,
                new ByteBudget(64 << 20));
        Clock clock = Clock.systemUTC();
        return new Crawl(
                feed,
                examination,
                new Ledger(from, feed.source(), authors, 200, sent, clock),
                outlet,
                partitions,
                new Crawl.Limits(64, 20, Duration.ofSeconds(1)),
                new Pulse(clock, Duration.ofMinutes(1)));
    }

    // SmallRye's channel without SmallRye: Transactions asks it for nothing but its producer.
    private static KafkaClientService channelOf(Producer<byte[], byte[]> producer) {
        KafkaProducer<?, ?> channel = (KafkaProducer<?, ?>) Proxy.newProxyInstance(
                CrawlProcess.class.getClassLoader(),
                new Class<?>[] {KafkaProducer.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("unwrap")) {
                        return producer;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        return (KafkaClientService) Proxy.newProxyInstance(
                CrawlProcess.class.getClassLoader(),
                new Class<?>[] {KafkaClientService.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("getProducer")) {
                        return channel;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
