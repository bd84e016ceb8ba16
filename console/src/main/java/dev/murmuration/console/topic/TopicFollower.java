package dev.murmuration.console.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One thread that reads the newest records of several topics and then what comes, committed records only, without a consumer group. */
public final class TopicFollower implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final long SECONDS_TO_STOP = 5;

    private final Map<String, Subscription> subscriptions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Exception> failed;
    private final Thread thread;
    private volatile boolean readHistory;

    /**
     * Connects; reads nothing yet.
     *
     * @param kafka settings of Kafka clients by their own names
     * @param failed called once if a record cannot be processed or the cluster refuses; nothing is read after that
     */
    public TopicFollower(Map<String, Object> kafka, List<Subscription> subscriptions, Consumer<Exception> failed) {
        this.subscriptions =
                subscriptions.stream().collect(Collectors.toMap(Subscription::topic, subscription -> subscription));
        this.failed = failed;
        Map<String, Object> config = new HashMap<>(kafka);
        config.keySet().removeIf(key -> key.startsWith("group.") || key.endsWith(".deserializer"));
        // No part of the pipeline: nothing that watches its records shall see this.
        config.remove("interceptor.classes");
        config.put("client.id", "console");
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "earliest");
        config.put("max.poll.records", "2000");
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().daemon().name("topics").unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** Whether everything has been read that the topics held at the start. */
    public boolean hasReadHistory() {
        return readHistory;
    }

    private void run() {
        try (consumer) {
            Map<TopicPartition, Long> ends = seek();
            while (true) {
                for (ConsumerRecord<byte[], byte[]> received : consumer.poll(POLL)) {
                    Objects.requireNonNull(subscriptions.get(received.topic()))
                            .sink()
                            .accept(received);
                }
                if (!readHistory
                        && ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    readHistory = true;
                }
            }
        } catch (WakeupException e) {
            // Closed.
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }

    private Map<TopicPartition, Long> seek() {
        List<TopicPartition> partitions = new ArrayList<>();
        subscriptions
                .keySet()
                .forEach(topic -> consumer.partitionsFor(topic)
                        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
        consumer.assign(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long history =
                    Objects.requireNonNull(subscriptions.get(partition.topic())).history();
            long start = Objects.requireNonNull(starts.get(partition));
            consumer.seek(partition, Math.max(start, Objects.requireNonNull(ends.get(partition)) - history));
        }
        return ends;
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(SECONDS_TO_STOP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
