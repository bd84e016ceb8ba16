package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LearnedShard;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.run.DrawnSamples;
import dev.murmuration.trainer.run.TrainingRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service on the real platform, in the place of an instance that was killed between two checkpoints. */
@QuarkusTest
@QuarkusTestResource(KilledPredecessor.class)
class TrainerIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @Inject
    RegistrySettings registry;

    @Inject
    ObjectStore store;

    @TempDir
    Path folder;

    @Test
    void endsExactlyAsARunThatWasNeverKilled() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = readUntil(
                Topics.CHECKPOINTS.name(),
                all -> all.stream().anyMatch(r -> EndOfFeed.in(r.headers()).isPresent()));

        assertThat(records).hasSize(3);
        assertThat(EndOfFeed.in(records.get(2).headers())).contains(new EndOfFeed("simulator", 0, 1));
        Checkpoint last = checkpoint(records.get(1));
        assertThat(last.getContinues()).isEqualTo(checkpoint(records.getFirst()).getSha256());
        // The one in which the predecessor was stopped, and those after it.
        assertThat(last.getLearned()).extracting(LearnedShard::getSamples).containsExactly(30, 14, 10);
        try (TrainingRun unbroken = KilledPredecessor.run()) {
            KilledPredecessor.play(unbroken, step -> true);
            assertThat(last.getStep()).isEqualTo(unbroken.step());
            assertThat(last.getSamplesSeen()).isEqualTo(unbroken.samplesSeen());
            assertThat(last.getTrainLoss()).isEqualTo(unbroken.position().loss());
            assertThat(last.getShardOffsets().getFirst().getOffset()).isEqualTo(KilledPredecessor.LAST_OFFSET + 1);
            assertThat(last.getValidation()).isEqualTo(unbroken.validate().orElseThrow());
            checkObject(last, unbroken);
        }
        checkDeadLetters();
        checkPosition();
        checkEndpoints();
    }

    private Checkpoint checkpoint(ConsumerRecord<byte[], byte[]> record) {
        EventReader<Checkpoint> reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class);
        if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Checkpoint>(Checkpoint event)) {
            return event;
        }
        throw new AssertionError("no checkpoint: " + record);
    }

    private void checkObject(Checkpoint last, TrainingRun unbroken) throws IOException {
        Path tar = folder.resolve("checkpoint.tar");
        assertThat(store.download(last.getKey(), last.getSha256(), tar)).isInstanceOf(Fetched.Found.class);
        Path parts = folder.resolve("parts");
        DrawnSamples.unpack(tar, parts);
        Path expected = Files.createDirectory(folder.resolve("expected"));
        DrawnSamples.unpack(
                CheckpointArchive.write(expected, unbroken, Optional.empty()).tar(), expected);
        for (String name : List.of("state.safetensors", "model/model.safetensors", "model/config.json")) {
            assertThat(parts.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
        try (Student student = Student.load(parts.resolve("model"), Device.cpu(), Precision.FP32)) {
            for (int label = 0; label < 3; label++) {
                float[][] answer = student.predict(List.of(student.pixels().of(DrawnSamples.jpeg(label, 999))));
                assertThat(answer[0][label]).isGreaterThan(.4f);
            }
        }
    }

    private void checkDeadLetters() {
        List<ConsumerRecord<byte[], byte[]>> dead = readUntil("trainer-dead-letters", all -> all.size() >= 2);
        assertThat(dead).hasSize(2);
    }

    private void checkPosition() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("trainer")
                    .partitionsToOffsetAndMetadata()
                    .get();
            assertThat(committed)
                    .containsExactly(Map.entry(
                            new TopicPartition("shards", 0), new OffsetAndMetadata(KilledPredecessor.LAST_OFFSET + 1)));
        }
    }

    private void checkEndpoints() throws IOException, InterruptedException {
        assertThat(get("q/health").statusCode()).isEqualTo(200);
        assertThat(get("q/health/live").body()).contains("\"training\"").contains("\"progress\"");
        assertThat(get("q/metrics").body())
                .contains("murmuration_trainer_loss ")
                .contains("murmuration_trainer_checkpoints_total 1.0")
                .contains("murmuration_trainer_dead_letters_total 2.0");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI self = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class) + "/");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(self.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readUntil(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", broker, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Instant end = Instant.now().plus(TIMEOUT);
            while (!enough.test(records) && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
