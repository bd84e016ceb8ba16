package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.ShardReference;
import dev.murmuration.trainer.run.EpochSchedule;
import dev.murmuration.trainer.run.Position;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service as a job on the real platform. */
@QuarkusTest
@TestProfile(EpochsIT.Job.class)
class EpochsIT {

    /** Its own platform and settings, instead of those of {@link TrainerIT}. */
    public static final class Job implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(ShardsInStore.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    // The shard of 3 is lost, those that others replace are no part of it. Full batches of 8 in windows of at most 40.
    private static final List<DatasetShard> DATASET =
            List.of(shard("b", 30), shard("lost", 3), shard("c", 14), shard("rest-of-a", 18), shard("last-of-d", 10));

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
    void passesOverARelabelledDataSetTwiceAndKeepsTheNewestAndTheBest() throws IOException {
        long samples = EpochSchedule.of(DATASET, 2, 11, 40).stream()
                .mapToLong(window -> 8L
                        * Math.ceilDiv(
                                (int) window.shards().stream()
                                        .filter(s -> !s.shard().key().contains("lost"))
                                        .mapToLong(DatasetShard::samples)
                                        .sum(),
                                8))
                .sum();

        List<Checkpoint> checkpoints = readUntil(samples);

        Checkpoint last = checkpoints.getLast();
        assertThat(last.getSamplesSeen()).isEqualTo(samples);
        assertThat(last.getShardOffsets()).isEmpty();
        assertThat(last.getValidation().getSamples()).isEqualTo(10);
        Path tar = folder.resolve("checkpoint.tar");
        assertThat(store.download(last.getKey(), last.getSha256(), tar)).isInstanceOf(Fetched.Found.class);
        Position position = CheckpointArchive.read(tar, folder.resolve("parts"), KilledPredecessor.PLAN.architecture())
                .position();
        assertThat(position.fresh()).isEqualTo(72);
        assertThat(position.passes()).extracting(DatasetShard::samples).containsExactly(30L, 3L, 14L, 18L, 10L);
        checkLineage(checkpoints);
        Checkpoint best = checkpoints.stream()
                .min(Comparator.comparingDouble(c -> c.getValidation().getLoss()))
                .orElseThrow();
        awaitObjects(List.of(best.getKey(), last.getKey()));
        // Behind the last shard of its own data set that it learned, not behind the end of the feed.
        assertThat(awaitCovered()).isEqualTo(KilledPredecessor.LAST_OFFSET);
    }

    private static void checkLineage(List<Checkpoint> checkpoints) {
        assertThat(checkpoints.getFirst().getContinues()).isEmpty();
        for (int i = 1; i < checkpoints.size(); i++) {
            assertThat(checkpoints.get(i).getContinues())
                    .isEqualTo(checkpoints.get(i - 1).getSha256());
        }
        Map<String, Integer> learned = new TreeMap<>();
        for (Checkpoint checkpoint : checkpoints) {
            checkpoint.getLearned().forEach(shard -> {
                assertThat(learned).doesNotContainKey(shard.getKey());
                learned.put(shard.getKey(), shard.getSamples());
            });
        }
        Map<String, Integer> expected = new TreeMap<>();
        DATASET.stream()
                .filter(shard -> !shard.shard().key().contains("lost"))
                .forEach(shard -> expected.put(shard.shard().key(), (int) shard.samples()));
        // Beside what is in the store of the data set, the shard on which it validates.
        assertThat(learned).containsAllEntriesOf(expected).hasSize(expected.size() + 1);
        assertThat(checkpoints.getLast().getSettings()).contains("distil");
    }

    private long awaitCovered() {
        TopicPartition partition = new TopicPartition(Topics.SHARDS.name(), 0);
        Map<String, Object> config = Map.of("bootstrap.servers", broker, "group.id", ShardsInStore.GROUP);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Instant end = Instant.now().plus(TIMEOUT);
            OffsetAndMetadata covered;
            do {
                covered = consumer.committed(Set.of(partition)).get(partition);
            } while (covered == null && Instant.now().isBefore(end));
            return covered == null ? -1 : covered.offset();
        }
    }

    // What is superseded goes after its successor's event is committed.
    private void awaitObjects(List<String> keys) {
        Instant end = Instant.now().plus(TIMEOUT);
        List<String> there;
        do {
            there = store.list("checkpoints/" + ShardsInStore.RUN + "/").stream()
                    .map(StoredObject::key)
                    .toList();
        } while (!there.stream().allMatch(keys::contains) && Instant.now().isBefore(end));
        assertThat(there)
                .containsExactlyInAnyOrderElementsOf(keys.stream().distinct().toList());
    }

    private List<Checkpoint> readUntil(long samples) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", broker, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                EventReader<Checkpoint> reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class)) {
            TopicPartition partition = new TopicPartition(Topics.CHECKPOINTS.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Instant end = Instant.now().plus(TIMEOUT);
            while (Instant.now().isBefore(end)
                    && (checkpoints.isEmpty() || checkpoints.getLast().getSamplesSeen() < samples)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (new String(record.key(), StandardCharsets.UTF_8).equals(ShardsInStore.RUN)
                            && reader.read(record.headers(), record.value())
                                    instanceof Decoded.Event<Checkpoint>(Checkpoint checkpoint)) {
                        checkpoints.add(checkpoint);
                    }
                }
            }
        }
        return checkpoints;
    }

    private static DatasetShard shard(String name, long samples) {
        return new DatasetShard(new ShardReference(KilledPredecessor.key(name), ""), samples, List.of(samples, 0L, 0L));
    }
}
