package dev.murmuration.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers how far a group has committed each partition and since when. Standing is a partition where something waits and the
 * committed position does not move: a consumer that polls and heartbeats but is wedged in a transaction shows nowhere else. Safe
 * for use by several threads.
 */
public final class Watch {

    private record Since(Reading reading, Instant moved) {}

    private final Clock clock;

    @GuardedBy("this")
    private final Map<TopicPartition, Since> seen = new HashMap<>();

    /** Has seen nothing yet. */
    public Watch(Clock clock) {
        this.clock = clock;
    }

    /** Takes what was seen now; partitions that are not among it are forgotten. */
    public synchronized void look(Map<TopicPartition, Reading> readings) {
        Instant now = clock.instant();
        readings.forEach((partition, reading) -> seen.merge(
                partition,
                new Since(reading, now),
                (before, first) -> hasMoved(before.reading(), reading) ? first : new Since(reading, before.moved())));
        seen.keySet().retainAll(readings.keySet());
    }

    /** Caught up counts as movement: the time starts when there is something to do. */
    private static boolean hasMoved(Reading before, Reading now) {
        return now.committed() != before.committed() || before.oldest().isEmpty();
    }

    /** The partitions that have been standing for longer than this. */
    public synchronized List<TopicPartition> standingLongerThan(Duration limit) {
        return seen.keySet().stream()
                .filter(partition -> standing(partition).compareTo(limit) > 0)
                .sorted(Comparator.comparing(TopicPartition::toString))
                .toList();
    }

    /** How long the committed position has not moved although something waits; nothing if it moves or nothing waits. */
    public synchronized Duration standing(TopicPartition partition) {
        Since since = seen.get(partition);
        return since == null || since.reading().oldest().isEmpty()
                ? Duration.ZERO
                : Duration.between(since.moved(), clock.instant());
    }

    /** Records that waited at the last look. */
    public synchronized long records(TopicPartition partition) {
        Since since = seen.get(partition);
        return since == null ? 0 : since.reading().records();
    }

    /** How long the first record that waited at the last look has been waiting by now. */
    public synchronized Duration age(TopicPartition partition) {
        Since since = seen.get(partition);
        return since == null ? Duration.ZERO : since.reading().age(clock.instant());
    }

    /** What the last look saw. */
    public synchronized Map<TopicPartition, Reading> readings() {
        Map<TopicPartition, Reading> readings = new HashMap<>();
        seen.forEach((partition, since) -> readings.put(partition, since.reading()));
        return readings;
    }
}
