package dev.murmuration.stage;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The Kafka cluster as an operator sees it: its topics, and how far the groups are. */
final class Cluster implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final long SECONDS_PER_REQUEST = 5;

    private final Admin admin;
    private final String address;
    private final Map<String, Object> consumerConfig;
    private @Nullable KafkaConsumer<byte[], byte[]> tail;

    Cluster(Map<String, Object> config) {
        Map<String, Object> quiet = new HashMap<>(config);
        quiet.put("client.id", "progress");
        quiet.put("default.api.timeout.ms", 5000);
        quiet.put("request.timeout.ms", 5000);
        quiet.put("reconnect.backoff.max.ms", 5000);
        this.address = String.valueOf(config.get("bootstrap.servers"));
        this.admin = Admin.create(quiet);
        this.consumerConfig = new HashMap<>(quiet);
        consumerConfig.put("client.id", "progress-tail");
        consumerConfig.put("isolation.level", "read_committed");
        consumerConfig.put("enable.auto.commit", "false");
        consumerConfig.put("auto.offset.reset", "earliest");
        // One record is enough to know.
        consumerConfig.put("max.poll.records", "1");
        consumerConfig.put("max.partition.fetch.bytes", "65536");
    }

    /** Waits until the cluster has every topic of the pipeline. */
    void awaitTopics(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Set<String> wanted = Topics.ALL.stream().map(Topic::name).collect(Collectors.toSet());
        while (true) {
            BrokerUnavailableException problem;
            try {
                Set<String> missing = new TreeSet<>(wanted);
                missing.removeAll(get(admin.listTopics().names()));
                if (missing.isEmpty()) {
                    return;
                }
                problem = new BrokerUnavailableException(
                        "Kafka at %s has no topics %s; the platform creates them".formatted(address, missing));
            } catch (ExecutionException | TimeoutException e) {
                problem = new BrokerUnavailableException(
                        "Kafka at %s does not answer within %s; check kafka.bootstrap.servers and that the broker runs"
                                .formatted(address, patience),
                        e);
            }
            if (System.nanoTime() > deadline) {
                throw problem;
            }
            sleep();
        }
    }

    /** Where a group stands on these topics; a partition without a committed position stands at its beginning. */
    Map<TopicPartition, Watch.Position> positions(String group, Collection<String> topics)
            throws ExecutionException, TimeoutException {
        List<TopicPartition> partitions = get(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(Cluster::partitions)
                .toList();
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Watch.Position> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long at = offset == null ? offset(starts, partition) : offset.offset();
            positions.put(partition, new Watch.Position(at, offset(ends, partition)));
        }
        return positions;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
        return get(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    }

    /**
     * Whether nothing but the markers of transactions stands between these two offsets. A group that read everything stands before the last marker for good, since a
     * marker is no record to commit; that is no lag.
     */
    boolean holdsOnlyMarkers(TopicPartition partition, Watch.Position position) {
        if (tail == null) {
            tail = new KafkaConsumer<>(consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        tail.assign(List.of(partition));
        tail.seek(partition, position.committed());
        long deadline =
                System.nanoTime() + Duration.ofSeconds(SECONDS_PER_REQUEST).toNanos();
        while (tail.position(partition) < position.end() && System.nanoTime() < deadline) {
            if (!tail.poll(Duration.ofMillis(200)).isEmpty()) {
                return false;
            }
        }
        return tail.position(partition) >= position.end();
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition()));
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(SECONDS_PER_REQUEST, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("stopped while waiting for Kafka", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        if (tail != null) {
            tail.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }
}
