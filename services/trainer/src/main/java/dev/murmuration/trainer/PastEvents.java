package dev.murmuration.trainer;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The events of one key that are committed, read from their topic once at the start. */
final class PastEvents {

    private static final Duration POLL = Duration.ofMillis(500);

    private PastEvents() {}

    /**
     * All events of a key, the newest first.
     *
     * @param kafka how the cluster is reached
     */
    static <E extends SpecificRecord> List<E> of(
            Topic topic, String key, Map<String, Object> kafka, EventReader<E> reader) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("client.id", "past-" + topic.name());
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.remove("group.id");
        List<E> past = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.key() != null
                            && new String(record.key(), StandardCharsets.UTF_8).equals(key)
                            && reader.read(record.headers(), record.value()) instanceof Decoded.Event<E>(E event)) {
                        past.add(event);
                    }
                }
            }
        }
        Collections.reverse(past);
        return past;
    }
}
