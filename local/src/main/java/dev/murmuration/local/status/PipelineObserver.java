package dev.murmuration.local.status;

import dev.murmuration.cluster.Groups;
import dev.murmuration.cluster.Watch;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;

/** Looks at the pipeline of a cluster, again and again. Joins no group and reads no tweet. Not safe for use by several threads. */
public final class PipelineObserver implements AutoCloseable {

    private record Reader(String stage, String group, String topic) {}

    private static final List<Reader> READERS = List.of(
            new Reader("teacher", "teacher", Topics.TWEETS.name()),
            new Reader("filter", "filter", Topics.SCORED_TWEETS.name()),
            new Reader("shards", "shard-packer", Topics.LABELLED_IMAGES.name()),
            new Reader("trainer", "trainer", Topics.SHARDS.name()),
            new Reader("evaluator", "evaluator", Topics.CHECKPOINTS.name()));

    private final String broker;
    private final Clock clock;
    private final Groups groups;
    private final EventTally tally = new EventTally();
    private final EventTail tail;
    private final Map<String, Watch> watches = new HashMap<>();
    private final Map<String, Long> before = new HashMap<>();
    private Instant lookedAt = Instant.MIN;

    /**
     * Connects.
     *
     * @param kafka settings of Kafka clients by their own names
     * @param timeout how long an answer of the cluster is waited for
     */
    public PipelineObserver(Map<String, Object> kafka, RegistrySettings registry, Duration timeout, Clock clock) {
        this.broker = String.valueOf(kafka.get("bootstrap.servers"));
        this.clock = clock;
        this.groups = new Groups(kafka, timeout);
        this.tail = new EventTail(kafka, registry, tally, timeout);
    }

    /** As of now; rates since the look before, none at the first. */
    public PipelineStatus look() throws ExecutionException, TimeoutException {
        Instant now = clock.instant();
        List<StageStatus> rows = new ArrayList<>();
        String tweets = Topics.TWEETS.name();
        long written = sum(groups.ends(List.of(tweets)));
        rows.add(new StageStatus(
                "crawler", "", tweets, written, rate("crawler", written, now), 0, Duration.ZERO, Duration.ZERO));
        for (Reader reader : READERS) {
            rows.add(row(reader, now));
        }
        tail.catchUp();
        lookedAt = now;
        return new PipelineStatus(
                now,
                broker,
                rows,
                tally.rejections(),
                tally.shards(),
                tail.complete(),
                tally.checkpoint(),
                List.copyOf(tally.accuracies().values()),
                tally.deadLetters(),
                tally.undecodableCount());
    }

    private StageStatus row(Reader reader, Instant now) throws ExecutionException, TimeoutException {
        Watch watch = watches.computeIfAbsent(reader.group(), group -> new Watch(clock));
        watch.look(groups.readings(reader.group(), List.of(reader.topic())));
        long position = 0;
        long waiting = 0;
        Duration age = Duration.ZERO;
        Duration standing = Duration.ZERO;
        for (TopicPartition partition : watch.readings().keySet()) {
            position += watch.readings().get(partition).committed();
            waiting += watch.records(partition);
            age = longer(age, watch.age(partition));
            standing = longer(standing, watch.standing(partition));
        }
        return new StageStatus(
                reader.stage(),
                reader.group(),
                reader.topic(),
                position,
                rate(reader.stage(), position, now),
                waiting,
                age,
                standing);
    }

    private double rate(String stage, long position, Instant now) {
        Long earlier = before.put(stage, position);
        if (earlier == null) {
            return 0;
        }
        double seconds = Math.max(0.001, Duration.between(lookedAt, now).toMillis() / 1000.0);
        return Math.max(0, position - earlier) / seconds;
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public void close() {
        tail.close();
        groups.close();
    }
}
