package dev.murmuration.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what a topic contains, up to its end as of the moment the reading starts: committed records only, and without a consumer group. */
public final class TopicReader {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final Optional<Duration> timeout;

    /** Where to start in a partition. */
    @FunctionalInterface
    public interface Start {

        /** At the oldest record. */
        Start BEGINNING = (partition, first, end) -> first;

        /** At the last {@code records} offsets of each partition. */
        static Start last(long records) {
            return (partition, first, end) -> end - records;
        }

        /**
         * An offset; what lies before the first one means the first one.
         *
         * @param first offset that the partition still has
         * @param end offset after its last record
         */
        long of(TopicPartition partition, long first, long end);
    }

    /** Waits as long as it takes; {@code kafka} has the settings of the connection, of which group and deserializers are ignored. */
    public TopicReader(Map<String, Object> kafka) {
        this(kafka, Optional.empty());
    }

    /** Gives up where the cluster is silent for this long although there is more to read. */
    public TopicReader(Map<String, Object> kafka, Duration timeout) {
        this(kafka, Optional.of(timeout));
    }

    private TopicReader(Map<String, Object> kafka, Optional<Duration> timeout) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.keySet().removeIf(key -> key.startsWith("group.") || key.endsWith(".deserializer"));
        this.kafka.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        this.kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        timeout.ifPresent(limit ->
                this.kafka.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(limit.toMillis())));
        this.timeout = timeout;
    }

    /** How many partitions a topic has. */
    public int partitions(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.partitionsFor(topic).size();
        }
    }

    /**
     * Passes every record to {@code sink}, in the order of each partition.
     *
     * @throws TimeoutException if the timeout passes without a record
     */
    public void read(String topic, Start start, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) -> {
                long oldest = first.getOrDefault(partition, 0L);
                consumer.seek(partition, Math.max(oldest, start.of(partition, oldest, end)));
            });
            long silentSince = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                boolean isSilent = true;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    isSilent = false;
                    if (record.offset() < ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L)) {
                        sink.accept(record);
                    }
                }
                if (!isSilent) {
                    silentSince = System.nanoTime();
                } else if (timeout.isPresent()
                        && System.nanoTime() - silentSince > timeout.get().toNanos()) {
                    throw new TimeoutException(
                            "%s gave no record for %s although there are more".formatted(topic, timeout.get()));
                }
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
