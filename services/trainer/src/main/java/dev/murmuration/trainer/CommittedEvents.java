package dev.murmuration.trainer;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Topic;
import java.nio.charset.StandardCharsets;
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

/** Reads the committed events of one key from a topic. */
final class CommittedEvents {

    private CommittedEvents() {}

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
        visit(
                kafka,
                topic,
                key,
                reader,
                (record, event) -> past.add(new Past<>(event, ReplacedShard.in(record.headers()))));
        Collections.reverse(past);
        return past;
    }

    /**
     * Commits the place behind the newest of these events for a group that has no members, so that whoever looks at its lag sees
     * how much has come since.
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
        visit(kafka, topic, key, reader, (place, event) -> {
            if (covered.test(event)) {
                next.put(
                        new TopicPartition(place.topic(), place.partition()),
                        new OffsetAndMetadata(place.offset() + 1));
            }
        });
        Map<String, Object> member = new HashMap<>(kafka);
        member.put("group.id", group);
        member.put("enable.auto.commit", "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(member, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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

    private static <E extends SpecificRecord> void visit(
            Map<String, Object> kafka,
            Topic topic,
            String key,
            EventReader<E> reader,
            BiConsumer<ConsumerRecord<byte[], byte[]>, E> visitor) {
        new TopicReader(kafka).read(topic.name(), TopicReader.Start.BEGINNING, record -> {
            if (record.key() != null
                    && new String(record.key(), StandardCharsets.UTF_8).equals(key)
                    && reader.read(record.headers(), record.value()) instanceof Decoded.Event<E>(E event)) {
                visitor.accept(record, event);
            }
        });
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
