package dev.murmuration.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cluster where consumer groups stand; joins none. The first record that waits is read itself: its time is the lag in
 * seconds, and where there is none, only markers of transactions stand behind the committed position, which a group that read
 * everything keeps before it for good. A record that cannot be read in time, under a quota for example, counts as one that has
 * waited since it was first asked for. Not safe for use by several threads.
 */
public final class Groups implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Duration timeout;
    private final Admin admin;
    private final Map<String, Object> consumerConfig;
    private final Map<TopicPartition, Reading> known = new HashMap<>();
    /** By groups, the positions whose first record was asked for and not read: since when. */
    private final Map<String, Map<TopicPartition, Reading>> unread = new HashMap<>();

    private @Nullable KafkaConsumer<byte[], byte[]> tail;

    /**
     * Connects with the first question.
     *
     * @param kafka settings of Kafka clients by their own names, at least {@code bootstrap.servers}
     * @param timeout how long an answer is waited for
     */
    public Groups(Map<String, Object> kafka, Duration timeout) {
        this.timeout = timeout;
        Map<String, Object> quiet = new HashMap<>(kafka);
        quiet.put("client.id", "lag");
        quiet.put("default.api.timeout.ms", Math.toIntExact(timeout.toMillis()));
        quiet.put("request.timeout.ms", Math.toIntExact(timeout.toMillis()));
        quiet.put("reconnect.backoff.max.ms", 5000);
        // These clients are no part of the pipeline: nothing that watches its records shall see them.
        quiet.remove("interceptor.classes");
        this.admin = Admin.create(quiet);
        this.consumerConfig = new HashMap<>(quiet);
        consumerConfig.remove("group.id");
        consumerConfig.put("client.id", "lag-tail");
        consumerConfig.put("isolation.level", "read_committed");
        consumerConfig.put("enable.auto.commit", "false");
        consumerConfig.put("auto.offset.reset", "earliest");
        // The first record of each partition is enough to know; a larger one comes all the same.
        consumerConfig.put("max.partition.fetch.bytes", "65536");
    }

    /** The consumer groups of the cluster, each with the topics that it has committed to, but for those without any. */
    public Map<String, Set<String>> all() throws ExecutionException, TimeoutException {
        Map<String, Set<String>> topics = new TreeMap<>();
        for (GroupListing group :
                get(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all())) {
            Set<String> committed = new HashSet<>();
            committed(group.groupId()).forEach((partition, offset) -> {
                if (offset != null) {
                    committed.add(partition.topic());
                }
            });
            if (!committed.isEmpty()) {
                topics.put(group.groupId(), committed);
            }
        }
        return topics;
    }

    /** The names of the cluster's topics. */
    public Set<String> topics() throws ExecutionException, TimeoutException {
        return get(admin.listTopics().names());
    }

    /** Where the group stands on each partition of these topics. */
    public Map<TopicPartition, Reading> readings(String group, Collection<String> topics)
            throws ExecutionException, TimeoutException {
        List<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long start = Objects.requireNonNull(starts.get(partition));
            // What has expired before it was read is not waiting any more.
            positions.put(partition, offset == null ? start : Math.max(start, offset.offset()));
        }
        Map<TopicPartition, Optional<Instant>> oldest = oldest(group, positions, ends);
        Map<TopicPartition, Reading> readings = new HashMap<>();
        positions.forEach((partition, position) -> readings.put(
                partition,
                new Reading(
                        position,
                        Objects.requireNonNull(ends.get(partition)),
                        oldest.getOrDefault(partition, Optional.empty()))));
        return readings;
    }

    /** The offset behind the last committed record of each partition of these topics. */
    public Map<TopicPartition, Long> ends(Collection<String> topics) throws ExecutionException, TimeoutException {
        return offsets(partitions(topics), OffsetSpec.latest());
    }

    private List<TopicPartition> partitions(Collection<String> topics) throws ExecutionException, TimeoutException {
        return get(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(each -> new TopicPartition(topic.name(), each.partition())))
                .toList();
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) throws ExecutionException, TimeoutException {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
        Map<TopicPartition, ListOffsetsResultInfo> answered =
                get(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answered.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    /** The time of the first record between these positions and ends; empty where there is none. */
    private Map<TopicPartition, Optional<Instant>> oldest(
            String group, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Optional<Instant>> oldest = new HashMap<>();
        Map<TopicPartition, Long> asked = new HashMap<>();
        positions.forEach((partition, position) -> {
            long end = Objects.requireNonNull(ends.get(partition));
            Reading before = known.get(partition);
            if (position >= end) {
                return;
            }
            if (before != null
                    && before.committed() == position
                    && (before.oldest().isPresent() || before.end() == end)) {
                oldest.put(partition, before.oldest());
            } else {
                asked.put(partition, position);
            }
        });
        if (!asked.isEmpty()) {
            oldest.putAll(first(asked, ends));
        }
        oldest.forEach((partition, time) -> known.put(
                partition,
                new Reading(
                        Objects.requireNonNull(positions.get(partition)),
                        Objects.requireNonNull(ends.get(partition)),
                        time)));
        asked.keySet().removeAll(oldest.keySet());
        if (asked.isEmpty()) {
            unread.remove(group);
            return oldest;
        }
        Map<TopicPartition, Reading> since = unread.computeIfAbsent(group, any -> new HashMap<>());
        since.keySet().retainAll(asked.keySet());
        asked.forEach((partition, position) -> oldest.put(partition, unreadSince(since, partition, position)));
        return oldest;
    }

    private static Optional<Instant> unreadSince(
            Map<TopicPartition, Reading> since, TopicPartition partition, long position) {
        Reading asked = new Reading(position, position, Optional.of(Instant.now()));
        return since.merge(partition, asked, (before, now) -> before.committed() == position ? before : now)
                .oldest();
    }

    /** What {@link #oldest} says of these positions, as far as it could be read in time. */
    private Map<TopicPartition, Optional<Instant>> first(
            Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        if (tail == null) {
            tail = new KafkaConsumer<>(consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        KafkaConsumer<byte[], byte[]> reader = tail;
        reader.assign(positions.keySet());
        positions.forEach(reader::seek);
        Map<TopicPartition, Optional<Instant>> found = new HashMap<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
            for (TopicPartition partition : positions.keySet()) {
                List<ConsumerRecord<byte[], byte[]>> read = records.records(partition);
                if (!read.isEmpty()) {
                    Instant time = Instant.ofEpochMilli(read.getFirst().timestamp());
                    found.putIfAbsent(partition, Optional.of(time));
                } else if (!found.containsKey(partition)
                        && reader.position(partition) >= Objects.requireNonNull(ends.get(partition))) {
                    found.put(partition, Optional.empty());
                }
            }
            if (found.size() == positions.size() || System.nanoTime() > deadline) {
                // Nothing is fetched ahead until the next look.
                reader.unsubscribe();
                return found;
            }
            reader.pause(found.keySet());
        }
    }

    private <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
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
