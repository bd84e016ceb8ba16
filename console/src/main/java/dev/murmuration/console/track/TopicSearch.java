package dev.murmuration.console.track;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest committed records of topics, up to a deadline, and keeps its connections from one search to the next: to
 * connect takes longer than most searches. One thread at a time.
 */
final class TopicSearch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Supplier<Consumer<byte[], byte[]>> connection;
    private final long history;
    private @Nullable Consumer<byte[], byte[]> consumer;

    /**
     * Searches by this consumer, which is made for the first search.
     *
     * @param history how many records of each partition are searched, the newest ones
     */
    TopicSearch(Supplier<Consumer<byte[], byte[]>> connection, long history) {
        this.connection = connection;
        this.history = history;
    }

    /** Searches with these settings of Kafka clients. */
    static TopicSearch of(Map<String, Object> kafka, long history) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().removeIf(key -> key.startsWith("group.") || key.endsWith(".deserializer"));
        // No part of the pipeline: nothing that watches its records shall see this.
        config.remove("interceptor.classes");
        config.put("client.id", "console-track");
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "earliest");
        config.put("max.poll.records", "2000");
        return new TopicSearch(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()), history);
    }

    /**
     * Passes on the newest records of a topic that has its records where their keys say.
     *
     * @param keys whose partitions are read; empty for all of them
     * @return what was not read before the deadline; empty if everything was
     */
    Optional<String> read(
            String topic,
            Set<String> keys,
            Deadline deadline,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try {
            Consumer<byte[], byte[]> reading = consumer();
            Map<TopicPartition, Long> ends = seek(reading, topic, keys, deadline);
            while (left(reading, ends) > 0 && !deadline.isOver()) {
                Duration patience = POLL.compareTo(deadline.left()) < 0 ? POLL : deadline.left();
                for (ConsumerRecord<byte[], byte[]> received : reading.poll(patience)) {
                    if (received.offset() < ends.getOrDefault(new TopicPartition(topic, received.partition()), 0L)) {
                        sink.accept(received);
                    }
                }
            }
            long left = left(reading, ends);
            return left == 0
                    ? Optional.empty()
                    : Optional.of("%s: %,d offsets were not reached within %d ms"
                            .formatted(topic, left, deadline.limit().toMillis()));
        } catch (TimeoutException e) {
            return Optional.of("%s: Kafka did not answer within what was left of %d ms"
                    .formatted(topic, deadline.limit().toMillis()));
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer;
        if (made == null) {
            made = connection.get();
            consumer = made;
        }
        return made;
    }

    /** Goes to the newest records; returns where each partition ended then. */
    private Map<TopicPartition, Long> seek(
            Consumer<byte[], byte[]> reading, String topic, Set<String> keys, Deadline deadline) {
        List<PartitionInfo> infos = reading.partitionsFor(topic, deadline.left());
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo info : infos) {
            if (keys.isEmpty() || keys.stream().anyMatch(key -> partition(key, infos.size()) == info.partition())) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
        }
        reading.assign(partitions);
        Map<TopicPartition, Long> starts = reading.beginningOffsets(partitions, deadline.left());
        Map<TopicPartition, Long> ends = reading.endOffsets(partitions, deadline.left());
        ends.forEach((partition, end) ->
                reading.seek(partition, Math.max(Objects.requireNonNull(starts.get(partition)), end - history)));
        return ends;
    }

    /** Where Kafka's producers put a record with this key. */
    static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static long left(Consumer<byte[], byte[]> reading, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - reading.position(end.getKey())))
                .sum();
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
