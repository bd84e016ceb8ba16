package dev.murmuration.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.Benchmarks;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(value = LocalPlatform.class, restrictToAnnotatedClass = true)
class EvaluatorIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Inject
    ObjectStore store;

    @Inject
    EventWriter writer;

    @Inject
    RegistrySettings registry;

    @TempDir
    Path temporary;

    @AfterEach
    void takesItsBenchmarksAway() {
        store.list("benchmarks/").forEach(object -> store.delete(object.key()));
    }

    @Test
    void measuresEveryCheckpointOnceOnEveryBenchmarkByEveryProtocol() throws Exception {
        String benchmark = benchmark("bright", 12);
        Checkpoint checkpoint = checkpoint("measured", 0);

        send("measured", writer.write(Topics.CHECKPOINTS, checkpoint));
        send(marker("measured-feed"));

        List<ConsumerRecord<byte[], byte[]>> records = readUntil(Topics.ACCURACIES, isMarkerOf("measured-feed"));
        List<Accuracy> accuracies = accuracies(records, "measured");
        assertThat(accuracies).hasSize(2).allSatisfy(accuracy -> {
            assertThat(accuracy.getCheckpoint()).isEqualTo(checkpoint);
            assertThat(accuracy.getBenchmark()).isEqualTo("bright");
            assertThat(accuracy.getBenchmarkSha256()).isEqualTo(benchmark);
            assertThat(accuracy.getAccuracy()).isEqualTo(1.0);
        });
        assertThat(accuracies.getFirst().getProtocol()).isEqualTo("zero-shot");
        assertThat(accuracies.getFirst().getConfusion()).isEqualTo(List.of(List.of(4L, 0L), List.of(0L, 4L)));
        assertThat(accuracies.getFirst().getRocAuc()).isEqualTo(1.0);
        assertThat(accuracies.getLast().getProtocol()).isEqualTo("three-way");
        assertThat(accuracies.getLast().getSamples()).isEqualTo(12);
        assertThat(records.getLast().value()).isNull();
        assertThat(EndOfFeed.in(records.getLast().headers())).contains(new EndOfFeed("measured-feed", 0, 1));
        assertThat(committed()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void putsWhatItCannotMeasureIntoTheDeadLettersAndGoesOn() throws Exception {
        benchmark("bright", 12);
        Checkpoint missing = Checkpoint.newBuilder(checkpoint("missing", 1))
                .setKey("checkpoints/none.tar")
                .build();
        Checkpoint damaged = Checkpoint.newBuilder(checkpoint("damaged", 2))
                .setSha256("0".repeat(64))
                .build();
        Path broken = temporary.resolve("broken");
        BrightnessStudent.writeBroken(broken);
        Checkpoint noProbabilities = stored("no-probabilities", broken);

        send("missing", writer.write(Topics.CHECKPOINTS, missing));
        send("damaged", writer.write(Topics.CHECKPOINTS, damaged));
        send("no-probabilities", writer.write(Topics.CHECKPOINTS, noProbabilities));
        send("garbage", "no event".getBytes(StandardCharsets.UTF_8));
        send("measured-after", writer.write(Topics.CHECKPOINTS, checkpoint("measured-after", 3)));
        send(marker("dead-feed"));

        List<ConsumerRecord<byte[], byte[]>> records = readUntil(Topics.ACCURACIES, isMarkerOf("dead-feed"));
        assertThat(accuracies(records, "measured-after")).hasSize(2);
        assertThat(Stream.of("missing", "damaged", "no-probabilities")
                        .flatMap(run -> accuracies(records, run).stream()))
                .isEmpty();
        List<ConsumerRecord<byte[], byte[]>> dead =
                readUntil(Topics.deadLetters("evaluator"), letter -> key(letter).equals("garbage"));
        assertThat(reason(dead, "missing")).contains("missing step 7", "checkpoints/none.tar is missing");
        assertThat(reason(dead, "damaged")).contains("is damaged", "SHA-256");
        assertThat(reason(dead, "no-probabilities")).contains("not probabilities", "NaN");
        assertThat(dead.getLast().value()).isEqualTo("no event".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void findsABenchmarkThatComesAfterAnEarlierCheckpoint() throws Exception {
        benchmark("bright", 12);
        send("before", writer.write(Topics.CHECKPOINTS, checkpoint("before", 4)));
        readUntil(Topics.ACCURACIES, record -> key(record).equals("before"));

        benchmark("late", 6);
        send("after", writer.write(Topics.CHECKPOINTS, checkpoint("after", 5)));
        send(marker("late-feed"));

        List<ConsumerRecord<byte[], byte[]>> records = readUntil(Topics.ACCURACIES, isMarkerOf("late-feed"));
        assertThat(accuracies(records, "before"))
                .extracting(Accuracy::getBenchmark)
                .doesNotContain("late");
        assertThat(accuracies(records, "after"))
                .extracting(Accuracy::getBenchmark)
                .containsExactly("bright", "bright", "late", "late");
    }

    @Test
    void trainsOnFoldsWhereThereAreEnoughPhotosAndTestsEachOnce() throws Exception {
        benchmark("folds", 15);

        send("folded", writer.write(Topics.CHECKPOINTS, checkpoint("folded", 7)));
        send(marker("fold-feed"));

        List<Accuracy> accuracies = accuracies(readUntil(Topics.ACCURACIES, isMarkerOf("fold-feed")), "folded");
        assertThat(accuracies).extracting(Accuracy::getProtocol).containsExactly("zero-shot", "three-way", "k-fold");
        assertThat(accuracies.getLast().getSamples()).isEqualTo(10);
        assertThat(accuracies.getLast().getAccuracy()).isEqualTo(1.0);
    }

    @Test
    void takesKnownWeightsFromTheResultsWithoutMeasuringThemAgain() throws Exception {
        benchmark("bright", 12);
        Checkpoint first = checkpoint("first", 6);
        send("first", writer.write(Topics.CHECKPOINTS, first));
        List<Accuracy> measured =
                accuracies(readUntil(Topics.ACCURACIES, record -> key(record).equals("first")), "first");
        store.delete(first.getKey());

        send(
                "again",
                writer.write(
                        Topics.CHECKPOINTS,
                        Checkpoint.newBuilder(first).setRun("again").build()));
        send(marker("again-feed"));

        List<Accuracy> again = accuracies(readUntil(Topics.ACCURACIES, isMarkerOf("again-feed")), "again");
        assertThat(again).isNotEmpty().first().satisfies(accuracy -> {
            assertThat(accuracy.getCheckpoint().getRun()).isEqualTo("again");
            assertThat(accuracy.getCreatedAt()).isEqualTo(measured.getFirst().getCreatedAt());
        });
    }

    /** Puts a benchmark into the store and returns its hash; the index comes last, as writers of benchmarks do it. */
    private String benchmark(String name, int photos) throws BenchmarkException {
        StringBuilder index = new StringBuilder("path,class\n");
        for (int i = 0; i < photos; i++) {
            store.put("benchmarks/%s/images/%d.png".formatted(name, i), BrightnessStudent.photo(i % 3, i), "image/png");
            index.append("images/%d.png,%d%n".formatted(i, i % 3));
        }
        store.put(
                "benchmarks/%s/index.csv".formatted(name),
                index.toString().getBytes(StandardCharsets.UTF_8),
                "text/csv");
        return Benchmark.open(Benchmarks.files(() -> store, name), LabelScheme.AUTO, BenchmarkLimits.DEFAULTS)
                .sha256();
    }

    private Checkpoint checkpoint(String run, int trust) throws IOException {
        Path model = temporary.resolve(run);
        BrightnessStudent.write(model, trust / 100.0);
        return stored(run, model);
    }

    private Checkpoint stored(String run, Path model) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar);
                Stream<Path> files = Files.list(model)) {
            for (Path file : files.sorted().toList()) {
                TarArchiveEntry entry = new TarArchiveEntry("model/" + file.getFileName());
                entry.setSize(Files.size(file));
                out.putArchiveEntry(entry);
                Files.copy(file, out);
                out.closeArchiveEntry();
            }
        }
        String sha256 = Sha256.hex(tar.toByteArray());
        String key = "checkpoints/%s/%s.tar".formatted(run, sha256);
        store.putIfAbsent(key, tar.toByteArray(), "application/x-tar");
        return Checkpoint.newBuilder()
                .setRun(run)
                .setArchitecture("vit-demo-8-64")
                .setRecipe("by hand")
                .setStep(7)
                .setSamplesSeen(0)
                .setKey(key)
                .setSha256(sha256)
                .setDataset("none")
                .setShardOffsets(List.of())
                .setTrainLoss(0)
                .setValidation(null)
                .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L))
                .build();
    }

    private static void send(String key, byte[] value) throws Exception {
        send(new ProducerRecord<>(Topics.CHECKPOINTS.name(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestPlatform.settings().bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static ProducerRecord<byte[], byte[]> marker(String feed) {
        EndOfFeed marker = new EndOfFeed(feed, 0, 1);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.CHECKPOINTS.name(), marker.key().getBytes(StandardCharsets.UTF_8), null);
        record.headers().add(EndOfFeed.HEADER, marker.header());
        return record;
    }

    private static Predicate<ConsumerRecord<byte[], byte[]>> isMarkerOf(String feed) {
        return record -> EndOfFeed.in(record.headers())
                .map(EndOfFeed::feed)
                .filter(feed::equals)
                .isPresent();
    }

    /** What is committed on a topic of one partition, from its beginning to the first record that is awaited. */
    private static List<ConsumerRecord<byte[], byte[]>> readUntil(
            Topic topic, Predicate<ConsumerRecord<byte[], byte[]>> awaited) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("reader")) {
            TopicPartition partition = new TopicPartition(topic.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    read.add(record);
                    if (awaited.test(record)) {
                        return read;
                    }
                }
            }
        }
        throw new AssertionError("not on " + topic.name() + " within " + TIMEOUT + "; there are " + read.size());
    }

    private static long committed() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("evaluator")) {
            TopicPartition partition = new TopicPartition(Topics.CHECKPOINTS.name(), 0);
            return Objects.requireNonNull(consumer.committed(Set.of(partition)).get(partition))
                    .offset();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestPlatform.settings().bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private List<Accuracy> accuracies(List<ConsumerRecord<byte[], byte[]>> records, String run) {
        List<Accuracy> accuracies = new ArrayList<>();
        try (EventReader<Accuracy> reader = EventReader.of(registry, Topics.ACCURACIES, Accuracy.class)) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Accuracy>(Accuracy accuracy)
                        && accuracy.getCheckpoint().getRun().equals(run)) {
                    assertThat(key(record)).isEqualTo(run);
                    accuracies.add(accuracy);
                }
            }
        }
        return accuracies;
    }

    private static String reason(List<ConsumerRecord<byte[], byte[]>> letters, String key) {
        return letters.stream()
                .filter(letter -> key(letter).equals(key))
                .map(letter -> new String(
                        letter.headers().lastHeader(DeadLetter.REASON).value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("none");
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }
}
