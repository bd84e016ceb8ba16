package dev.murmuration.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.Result;
import io.minio.messages.Item;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cross-validation that takes several times what Kafka allows between two polls, in a service that is killed (kill -9) in the
 * middle of it. An hour's evaluation in small: the interval is four seconds instead of five minutes.
 */
class LongEvaluationIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(6);
    private static final int PHOTOS = 300;
    private static final String BUCKET = "murmuration";

    @TempDir
    private Path folder;

    private final PlatformSettings platform = TestPlatform.settings();
    private final Map<String, String> settings = platform.forServices();
    private final MinioClient store = MinioClient.builder()
            .endpoint(platform.storeEndpoint())
            .credentials(settings.getOrDefault("s3.access-key", ""), settings.getOrDefault("s3.secret-key", ""))
            .build();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endsWhatItStarted() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void givesEveryAccuracyOnceAndKeepsItsPlaceInTheGroup() throws Exception {
        writeBenchmark();
        announce(checkpoint());

        Path first = folder.resolve("first.log");
        Process killed = evaluator(first);
        await("two results of three", () -> results() == 2); // The third is the cross-validation, which has begun.
        killed.destroyForcibly().waitFor();
        assertThat(results()).isEqualTo(2);
        Path second = folder.resolve("second.log");
        evaluator(second);
        List<Accuracy> accuracies = accuraciesToTheEnd();

        assertThat(accuracies).extracting(Accuracy::getProtocol).containsExactly("zero-shot", "three-way", "k-fold");
        assertThat(accuracies.getLast().getSamples()).isEqualTo(PHOTOS * 2 / 3);
        assertThat(Files.readString(second))
                .containsOnlyOnce("Successfully joined group with generation")
                .doesNotContain("poll timeout has expired", "Revoke", "fenced");
    }

    private Process evaluator(Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-Dquarkus.http.port=0",
                "-Dinstance.name=evaluator-0",
                "-Devaluator.protocols=zero-shot,three-way,k-fold",
                "-Devaluator.work-folder=" + folder.resolve("work"),
                "-Dmp.messaging.incoming.checkpoints.max.poll.interval.ms=4000",
                "-Dquarkus.log.category.\"org.apache.kafka.clients.consumer\".level=INFO",
                "-jar",
                Installation.find().service("evaluator").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("%s within %s", what, TIMEOUT).isLessThan(deadline);
            assertThat(processes.getLast().isAlive()).as("it runs").isTrue();
            Thread.sleep(50); // The next question need not come at once.
        }
    }

    private int results() throws Exception {
        int results = 0;
        for (Result<Item> ignored : store.listObjects(ListObjectsArgs.builder()
                .bucket(BUCKET)
                .prefix("evaluations/")
                .recursive(true)
                .build())) {
            results++;
        }
        return results;
    }

    private void writeBenchmark() throws Exception {
        StringBuilder index = new StringBuilder("path,class\n");
        Random random = new Random(1);
        for (int i = 0; i < PHOTOS; i++) {
            put("benchmarks/long/%d.png".formatted(i), photo(random));
            index.append(i).append(".png,").append(i % 3).append('\n');
        }
        put("benchmarks/long/index.csv", index.toString().getBytes(UTF_8));
    }

    private static byte[] photo(Random random) throws IOException {
        BufferedImage photo = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = photo.createGraphics();
        for (int i = 0; i < 8; i++) {
            graphics.setColor(new Color(random.nextInt(0x1000000)));
            graphics.fillOval(random.nextInt(64) - 16, random.nextInt(64) - 16, 32, 32);
        }
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(photo, "png", png);
        return png.toByteArray();
    }

    private Checkpoint checkpoint() throws Exception {
        Architecture shape = Architecture.named("vit-demo-8-64");
        float[] weights = new float[shape.weightCount()];
        Random random = new Random(2);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian() * .05f;
        }
        shape.weights().stream()
                .filter(weight ->
                        weight.name().contains("layernorm") && weight.name().endsWith(".weight"))
                .forEach(weight -> Arrays.fill(weights, weight.offset(), weight.offset() + weight.length(), 1));
        Path model = folder.resolve("model");
        StudentFolder.write(
                model, shape, Pixels.symmetric(shape.side(), Resize.PILLOW_BILINEAR), FloatBuffer.wrap(weights));
        byte[] tar = tar(model);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(tar));
        String key = "checkpoints/long/" + sha256 + ".tar";
        put(key, tar);
        return Checkpoint.newBuilder()
                .setRun("long")
                .setArchitecture(shape.name())
                .setRecipe("random")
                .setStep(1)
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

    private static byte[] tar(Path model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
                Stream<Path> files = Files.list(model)) {
            for (Path file : files.sorted().toList()) {
                TarArchiveEntry entry = new TarArchiveEntry("model/" + file.getFileName());
                entry.setSize(Files.size(file));
                tar.putArchiveEntry(entry);
                Files.copy(file, tar);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void put(String key, byte[] bytes) throws Exception {
        store.putObject(PutObjectArgs.builder().bucket(BUCKET).object(key).stream(
                        new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
                .build());
    }

    /** Sends a checkpoint and the marker that nothing comes behind it. */
    private void announce(Checkpoint checkpoint) throws Exception {
        EndOfFeed end = new EndOfFeed("long-feed", 0, 1);
        ProducerRecord<byte[], byte[]> marker =
                new ProducerRecord<>(Topics.CHECKPOINTS.name(), end.key().getBytes(UTF_8), null);
        marker.headers().add(EndOfFeed.HEADER, end.header());
        try (EventWriter writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", platform.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] value = writer.write(Topics.CHECKPOINTS, checkpoint);
            producer.send(new ProducerRecord<>(Topics.CHECKPOINTS.name(), "long".getBytes(UTF_8), value))
                    .get();
            producer.send(marker).get();
        }
    }

    private List<Accuracy> accuraciesToTheEnd() throws Exception {
        List<Accuracy> accuracies = new ArrayList<>();
        TopicPartition partition = new TopicPartition(Topics.ACCURACIES.name(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", platform.bootstrapServers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                EventReader<Accuracy> reader = EventReader.of(
                        RegistrySettings.apicurio(platform.registryUrl()), Topics.ACCURACIES, Accuracy.class)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            boolean[] ended = {false};
            await("the end of the feed", () -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    switch (reader.read(record.headers(), record.value())) {
                        case Decoded.Event<Accuracy>(Accuracy accuracy) -> accuracies.add(accuracy);
                        case Decoded.Ended<Accuracy> marker -> ended[0] = true;
                        default -> throw new AssertionError("neither an accuracy nor the end");
                    }
                }
                return ended[0];
            });
        }
        return accuracies;
    }
}
