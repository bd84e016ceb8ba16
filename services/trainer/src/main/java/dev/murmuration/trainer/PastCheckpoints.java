package dev.murmuration.trainer;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The checkpoints that a run has committed, read from their topic once at the start. */
final class PastCheckpoints {

    private static final Duration POLL = Duration.ofMillis(500);

    private PastCheckpoints() {}

    /**
     * All checkpoints of a run, the newest first.
     *
     * @param kafka how the cluster is reached
     */
    static List<Checkpoint> of(String run, Map<String, Object> kafka, EventReader<Checkpoint> reader) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("client.id", "past-checkpoints");
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.remove("group.id");
        List<Checkpoint> past = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.CHECKPOINTS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.key() != null
                            && new String(record.key(), StandardCharsets.UTF_8).equals(run)
                            && reader.read(record.headers(), record.value())
                                    instanceof Decoded.Event<Checkpoint>(Checkpoint checkpoint)) {
                        past.add(checkpoint);
                    }
                }
            }
        }
        Collections.reverse(past);
        return past;
    }
}
