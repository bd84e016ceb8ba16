package dev.murmuration.local.status;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the last events of the topics that tell how the pipeline does, then what comes. Joins no group. Not safe for use by
 * several threads.
 */
final class EventTail implements AutoCloseable {

    /** Of each partition, so that a look at a topic of years ends. */
    private static final long MOST = 10_000;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> sinks = new HashMap<>();
    private final List<EventReader<?>> readers = new ArrayList<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final RegistrySettings registry;
    private final EventTally tally;
    private final boolean complete;

    EventTail(Map<String, Object> kafka, RegistrySettings registry, EventTally tally, Duration timeout) {
        this.registry = registry;
        this.tally = tally;
        Map<String, Object> config = new HashMap<>(kafka);
        config.remove("group.id");
        config.put("client.id", "status");
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("max.poll.records", "2000");
        config.put("default.api.timeout.ms", Math.toIntExact(timeout.toMillis()));
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        into(Topics.REJECTIONS, Rejection.class, tally::rejected);
        into(Topics.SHARDS, Shard.class, tally::packed);
        into(Topics.CHECKPOINTS, Checkpoint.class, tally::learned);
        into(Topics.ACCURACIES, Accuracy.class, tally::measured);
        // Counted, not decoded: what is a dead letter may be anything.
        Topics.SERVICES.forEach(
                service -> sinks.put(Topics.deadLetters(service).name(), record -> tally.deadLettered(service)));
        for (String topic : sinks.keySet()) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        this.complete = seek();
    }

    /** Whether every partition is read from its beginning. */
    private boolean seek() {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        boolean all = true;
        for (TopicPartition partition : partitions) {
            long start = Objects.requireNonNull(starts.get(partition));
            long from = Math.max(start, Objects.requireNonNull(ends.get(partition)) - MOST);
            all &= from == start;
            consumer.seek(partition, from);
        }
        return all;
    }

    boolean complete() {
        return complete;
    }

    /** Reads what is there by now. */
    void catchUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long last = System.nanoTime() + TIMEOUT.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
                && System.nanoTime() < last) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Objects.requireNonNull(sinks.get(record.topic())).accept(record);
            }
        }
    }

    private <T extends SpecificRecord> void into(Topic topic, Class<T> type, Consumer<T> sink) {
        EventReader<T> reader = EventReader.of(registry, topic, type);
        readers.add(reader);
        sinks.put(topic.name(), record -> {
            switch (reader.read(record.headers(), record.value())) {
                case Decoded.Event<T>(T event) -> sink.accept(event);
                case Decoded.Undecodable<T> undecodable -> tally.undecodable();
                case Decoded.Tombstone<T> tombstone -> {}
                case Decoded.Ended<T> ended -> {}
            }
        });
    }

    @Override
    public void close() {
        consumer.close();
        readers.forEach(EventReader::close);
    }
}
