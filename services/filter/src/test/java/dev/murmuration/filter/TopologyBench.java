package dev.murmuration.filter;

import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.filter.topology.AcceptedPhoto;
import dev.murmuration.filter.topology.EventCodec;
import dev.murmuration.filter.topology.FilterMetrics;
import dev.murmuration.filter.topology.FilterTopology;
import dev.murmuration.filter.topology.Filtering;
import dev.murmuration.filter.topology.SelectionProcessor;
import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/** Scored tweets through the real topology on the real platform, beside topologies that only pass the same records on. One thread each. */
final class TopologyBench {

    private static final int TWEETS = 150_000;
    private static final int ROUNDS = 3;
    private static final int KEPT = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final List<String> FILTERED = List.of(Topics.LABELLED_IMAGES.name(), Topics.REJECTIONS.name());

    private final PrintStream out;
    private final PlatformSettings platform = TestPlatform.settings();
    private final RegistrySettings registry = RegistrySettings.apicurio(platform.registryUrl());
    private final EventWriter writer = new EventWriter(registry);
    private final EventReader<ScoredTweet> reader = EventReader.of(registry, Topics.SCORED_TWEETS, ScoredTweet.class);

    TopologyBench(PrintStream out) {
        this.out = out;
    }

    /**
     * What a run took.
     *
     * @param seconds from the start of the application until it could process
     */
    private record Took(double wallRate, double coreRate, double seconds) {}

    void run() throws Exception {
        // The first round warms up.
        round("warm-up");
        List<List<Took>> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(round("measured-" + i));
        }
        Took passed = median(rounds, 0);
        Took repartitioned = median(rounds, 1);
        Took filter = median(rounds, 2);
        out.printf(
                Locale.ROOT,
                "%n%,d scored tweets of one photo, exactly_once_v2, Apicurio's serdes, one stream thread; broker on"
                        + " the same machine; medians of %d rounds%n",
                TWEETS,
                ROUNDS);
        out.printf("%-44s %12s %16s %8s%n", "topology", "records/s", "records/s/core", "ratio");
        row("pass through: decode, encode", passed, passed);
        row("the same over a repartition topic", repartitioned, passed);
        row("the filter", filter, passed);
        keep("million-filter");
        Took million = measure("million-filter", filter(), FILTERED);
        row("the filter, 1,000,000 photos kept before", million, passed);
        out.printf(
                Locale.ROOT,
                "a core passes %.0f %% of the plain pass-through, %.0f %% of the one with the filter's own"
                        + " repartition; half is asked. With 1,000,000 photos kept it starts in %.0f s.%n",
                100 * filter.coreRate / passed.coreRate,
                100 * filter.coreRate / repartitioned.coreRate,
                million.seconds);
    }

    private static Took median(List<List<Took>> rounds, int topology) {
        return rounds.stream()
                .map(round -> round.get(topology))
                .sorted(Comparator.comparingDouble(Took::coreRate))
                .toList()
                .get(rounds.size() / 2);
    }

    private List<Took> round(String name) throws Exception {
        List<String> labels = List.of(Topics.LABELLED_IMAGES.name());
        return List.of(
                measure(name + "-pass", passThrough(false), labels),
                measure(name + "-repartition", passThrough(true), labels),
                measure(name + "-filter", filter(), FILTERED));
    }

    private void row(String name, Took took, Took baseline) {
        out.printf(
                Locale.ROOT,
                "%-44s %,12.0f %,16.0f %7.0f%%%n",
                name,
                took.wallRate,
                took.coreRate,
                100 * took.coreRate / baseline.coreRate);
    }

    /** Lays the tweets out in a transaction that is left open: nobody reads them before it is committed. */
    private void layOut(KafkaProducer<byte[], byte[]> producer) throws Exception {
        // One generator for all: those of neighbouring seeds begin alike.
        RandomGenerator random = new SplittableRandom(TWEETS);
        producer.initTransactions();
        producer.beginTransaction();
        Future<RecordMetadata> last = null;
        for (int i = 0; i < TWEETS; i++) {
            String id = "151600000000" + i;
            ScoredTweet tweet = Tweets.tweet(
                    id,
                    i % 10 == 0 ? Tweets.positive(0.6) : i % 3 == 0 ? Tweets.negative(0.9) : Tweets.positive(0.95),
                    Tweets.photo(0, random));
            last = producer.send(new ProducerRecord<>(
                    Topics.SCORED_TWEETS.name(), Filtering.utf8(id), writer.write(Topics.SCORED_TWEETS, tweet)));
        }
        producer.flush();
        Objects.requireNonNull(last).get();
    }

    /** What an application has kept before it starts: it restores that from its changelog. */
    private void keep(String application) throws Exception {
        String topic = application + "-" + SelectionProcessor.KEPT + "-changelog";
        RandomGenerator random = new SplittableRandom(KEPT);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", platform.bootstrapServers(), "linger.ms", "20"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            Future<RecordMetadata> last = null;
            for (int i = 0; i < KEPT; i++) {
                PhotoHash hash = new PhotoHash(words(random), words(random), 100);
                AcceptedPhoto kept = new AcceptedPhoto(i, 0, hash, List.of("flat"), Sentiment.positive);
                last = producer.send(new ProducerRecord<>(topic, Filtering.utf8("k" + i + "/0"), kept.toBytes()));
            }
            producer.flush();
            Objects.requireNonNull(last).get();
        }
    }

    private static long[] words(RandomGenerator random) {
        return new long[] {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
    }

    private Topology filter() {
        return FilterTopology.of(
                new EventCodec(reader::read, writer::write, TopicNames.PLAIN, 1_000_000),
                new DecisionRules(
                        new DataSets(List.of(Tweets.preset("flat"), Tweets.preset("bal"))),
                        new Splits(Splits.By.TWEET, 80, 10, 10),
                        NearDuplicates.DISTANCE,
                        NearDuplicates.QUALITY,
                        Optional.empty(),
                        true),
                new NearDuplicates(NearDuplicates.DISTANCE, NearDuplicates.QUALITY),
                platform.partitions(),
                new FilterMetrics(new SimpleMeterRegistry()));
    }

    /** As the filter reads and writes, deciding nothing. */
    private Topology passThrough(boolean repartitions) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> tweets = builder.stream("scored-tweets", Consumed.with(BYTES, BYTES));
        if (repartitions) {
            tweets = tweets.peek((key, value) -> decoded(value))
                    .repartition(Repartitioned.with(BYTES, BYTES)
                            .withName("candidates")
                            .withNumberOfPartitions(1));
        }
        tweets.mapValues(value -> writer.write(Topics.LABELLED_IMAGES, labelled(decoded(value))))
                .to("labelled-images", Produced.with(BYTES, BYTES));
        return builder.build();
    }

    private ScoredTweet decoded(byte[] value) {
        if (reader.read(null, value) instanceof Decoded.Event<ScoredTweet>(ScoredTweet tweet)) {
            return tweet;
        }
        throw new IllegalStateException("no event");
    }

    private static LabelledImage labelled(ScoredTweet scored) {
        Image image = scored.getTweet().getImages().getFirst();
        return new LabelledImage(
                scored.getTweet().getId(),
                scored.getTweet().getSource(),
                scored.getTweet().getAuthorHash(),
                image,
                scored.getTweet().getText(),
                scored.getScores(),
                Sentiment.positive,
                scored.getTeacher(),
                List.of("flat"),
                Split.train,
                scored.getTweet().getCreatedAt(),
                scored.getTweet().getArrivedAt(),
                List.of());
    }

    private Took measure(String name, Topology topology, List<String> outputs) throws Exception {
        Path state = Files.createTempDirectory("murmuration-bench-");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, platform.bootstrapServers());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, FilterStreams.BATCH_BYTES);
        properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        TestPlatform.recreateTopics();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                platform.bootstrapServers(),
                                "linger.ms",
                                "20",
                                "transactional.id",
                                "tweets-of-" + name,
                                "transaction.timeout.ms",
                                (int) TIMEOUT.toMillis()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", platform.bootstrapServers(),
                                "isolation.level", "read_committed",
                                "auto.offset.reset", "earliest",
                                "max.poll.records", "5000"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                KafkaStreams streams = new KafkaStreams(topology, properties)) {
            layOut(producer);
            consumer.assign(outputs.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition())))
                    .toList());
            long begin = System.nanoTime();
            streams.start();
            awaitRunning(streams);
            double seconds = (System.nanoTime() - begin) / 1e9;
            long start = System.nanoTime();
            long startCpu = cpu();
            producer.commitTransaction();
            await(consumer);
            Took took = new Took(
                    TWEETS / ((System.nanoTime() - start) / 1e9), TWEETS / ((cpu() - startCpu) / 1e9), seconds);
            streams.close(Duration.ofSeconds(10));
            return took;
        } finally {
            try (Stream<Path> files = Files.walk(state)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** What an application restores before it processes is no part of a rate. */
    private static void awaitRunning(KafkaStreams streams) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (streams.state() != KafkaStreams.State.RUNNING) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("%s after %s".formatted(streams.state(), TIMEOUT));
            }
            Thread.sleep(50);
        }
    }

    private static void await(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        int seen = 0;
        while (seen < TWEETS) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("%d of %d results after %s".formatted(seen, TWEETS, TIMEOUT));
            }
            seen += consumer.poll(Duration.ofMillis(100)).count();
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
