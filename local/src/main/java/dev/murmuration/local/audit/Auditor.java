package dev.murmuration.local.audit;

import dev.murmuration.local.platform.Bucket;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.platform.Site;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The audit's edge: reads committed offsets, then the topics to their current ends, then the shards, and passes them to {@link Audit}. */
public final class Auditor {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String UNDECIDED_TOPIC = "filter-candidates-repartition";

    private final Site site;
    private final TopicNames names;

    /** Of the system on this platform. */
    public Auditor(PlatformSettings platform) {
        this(platform, TopicNames.PLAIN);
    }

    /** Of a relabelling there. */
    public Auditor(PlatformSettings platform, TopicNames names) {
        this(platform.site(), names);
    }

    /** Of a system elsewhere, whose broker and registry require no credentials. */
    public Auditor(Site site, TopicNames names) {
        this.site = site;
        this.names = names;
    }

    /**
     * Audits the current state; the system may be running.
     *
     * @throws IOException if the broker or the object store does not answer
     */
    public Report audit() throws IOException {
        AuditTally ledger = new AuditTally();
        AuditedRange covered;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", site.broker()));
                TopicFollower follower =
                        new TopicFollower(names, site.broker(), site.registry().url(), ledger)) {
            // Committed offsets first, so that the outcomes of the records before them are before the ends that are
            // read.
            Map<String, Map<String, Map<Integer, Long>>> committed = new HashMap<>();
            for (String group : List.of(Audit.TEACHER, Audit.FILTER, Audit.PACKER)) {
                committed.put(group, byTopic(committed(admin, names.group(group))));
            }
            long undecided = undecided(
                    admin,
                    names.group(UNDECIDED_TOPIC),
                    committed.getOrDefault(Audit.FILTER, Map.of()).getOrDefault(UNDECIDED_TOPIC, Map.of()));
            Map<TopicPartition, Long> first = follower.firstOffsets();
            Map<TopicPartition, Long> ends = follower.endOffsets();
            follower.readTo(ends, TIMEOUT);
            covered = new AuditedRange(byTopic(first), byTopic(ends), committed, undecided, oldest(admin, first));
        } catch (ExecutionException e) {
            throw new IOException("the broker did not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Map<String, ShardContent> contents = contents(ledger.shards());
        return names.isRelabelling()
                ? Audit.ofRelabelling(ledger, contents, covered)
                : Audit.of(ledger, contents, covered);
    }

    private Map<String, ShardContent> contents(List<Shard> shards) throws IOException {
        Map<String, ShardContent> contents = new HashMap<>();
        try (Bucket bucket = new Bucket(site.store())) {
            for (Shard shard : shards) {
                contents.put(shard.getKey(), ShardContent.of(bucket.open(shard.getKey())));
            }
        }
        return contents;
    }

    private static Map<TopicPartition, Long> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> known = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        known.forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
    }

    /** Number of records that the filter has passed to its deciding partition and not decided; may include transaction markers. */
    private static long undecided(Admin admin, String topic, Map<Integer, Long> done)
            throws ExecutionException, InterruptedException {
        if (!admin.listTopics().names().get().contains(topic)) {
            return 0;
        }
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        Collection<TopicDescription> described =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values();
        described.forEach(each -> each.partitions()
                .forEach(partition ->
                        latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
        long undecided = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(latest).all().get().entrySet()) {
            long decided = done.getOrDefault(end.getKey().partition(), 0L);
            // The marker of the last transaction is behind the last record.
            undecided += Math.max(0, end.getValue().offset() - decided - 1);
        }
        return undecided;
    }

    /** The time of the oldest record on topics whose records have expired: earlier photos may have had their outcome there. */
    private long oldest(Admin admin, Map<TopicPartition, Long> first) throws ExecutionException, InterruptedException {
        List<TopicPartition> expired = new ArrayList<>();
        first.forEach((partition, offset) -> {
            boolean outcomes = partition.topic().equals(names.of(Topics.REJECTIONS))
                    || partition.topic().equals(names.of(Topics.LABELLED_IMAGES))
                    || partition.topic().endsWith("-dead-letters");
            if (outcomes && offset > 0) {
                expired.add(partition);
            }
        });
        long oldest = Long.MIN_VALUE;
        for (TopicPartition partition : expired) {
            long time = admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(0)))
                    .partitionResult(partition)
                    .get()
                    .timestamp();
            oldest = Math.max(oldest, time < 0 ? Long.MAX_VALUE : time);
        }
        return oldest;
    }

    /** By plain names: what is judged is the same. */
    private Map<String, Map<Integer, Long>> byTopic(Map<TopicPartition, Long> offsets) {
        Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
        offsets.forEach(
                (partition, offset) -> byTopic.computeIfAbsent(names.plain(partition.topic()), topic -> new TreeMap<>())
                        .put(partition.partition(), offset));
        return byTopic;
    }
}
