package dev.murmuration.trainer;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The events of one key that are committed, read from their topic once. */
final class PastEvents {

    private static final Duration POLL = Duration.ofMillis(500);

    private PastEvents() {}

    /**
     * One of them.
     *
     * @param replaces key of the shard that its own replaces, for events of {@code shards}
     */
    record Past<E>(E event, Optional<String> replaces) {}

    /**
     * All events of a key, the newest first.
     *
     * @param kafka how the cluster is reached
     */
    static <E extends SpecificRecord> List<Past<E>> of(
            Topic topic, String key, Map<String, Object> kafka, EventReader<E> reader) {
        List<Past<E>> past = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, kafka, Map.of())) {
            visit(
                    consumer,
                    topic,
                    key,
                    reader,
                    (record, event) -> past.add(new Past<>(event, ReplacedShard.in(record.headers()))));
        }
        Collections.reverse(past);
        return past;
    }

    /**
     * Commits the place behind the newest of these events for a group that has no members, so that whoever looks at its lag sees how much has come since.
     *
     * @param group the consumer group; where it already stands further on it is left there
     * @param covered which events are meant
     */
    static <E extends SpecificRecord> void cover(
            Topic topic,
            String key,
            String group,
            Predicate<E> covered,
            Map<String, Object> kafka,
            EventReader<E> reader) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic, kafka, Map.of("group.id", group))) {
            visit(consumer, topic, key, reader, (place, event) -> {
                if (covered.test(event)) {
                    next.put(
                            new TopicPartition(place.topic(), place.partition()),
                            new OffsetAndMetadata(place.offset() + 1));
                }
            });
            consumer.committed(next.keySet()).forEach((partition, now) -> {
                if (now != null
                        && now.offset()
                                >= Objects.requireNonNull(next.get(partition)).offset()) {
                    next.remove(partition);
                }
            });
            consumer.commitSync(next);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            Topic topic, Map<String, Object> kafka, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("client.id", "past-" + topic.name());
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.remove("group.id");
        config.putAll(more);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static <E extends SpecificRecord> void visit(
            KafkaConsumer<byte[], byte[]> consumer,
            Topic topic,
            String key,
            EventReader<E> reader,
            BiConsumer<ConsumerRecord<byte[], byte[]>, E> visitor) {
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
                    visitor.accept(record, event);
                }
            }
        }
    }

    /** The events alone. */
    static <E> List<E> events(List<Past<E>> past) {
        return past.stream().map(Past::event).toList();
    }

    /** Keys of all shards that others replace. */
    static <E> Set<String> replaced(List<Past<E>> past) {
        return past.stream().flatMap(event -> event.replaces().stream()).collect(Collectors.toSet());
    }
}
