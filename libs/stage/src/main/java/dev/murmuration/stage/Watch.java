package dev.murmuration.stage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers how far a group has committed each partition and since when. Stuck is a partition with lag whose committed position has not moved for a while: a
 * consumer that polls and heartbeats but is wedged in a transaction shows nowhere else.
 */
final class Watch {

    /** One look at a partition: next offset to read that the group committed, and the end of the partition. */
    record Position(long committed, long end) {
        long lag() {
            return Math.max(0, end - committed);
        }
    }

    private record Since(Position position, Instant moved) {}

    private final Clock clock;
    private final Duration stuckAfter;
    private final Map<TopicPartition, Since> seen = new HashMap<>();

    Watch(Clock clock, Duration stuckAfter) {
        this.clock = clock;
        this.stuckAfter = stuckAfter;
    }

    synchronized void look(Map<TopicPartition, Position> positions) {
        Instant now = clock.instant();
        positions.forEach((partition, position) -> seen.merge(
                partition,
                new Since(position, now),
                (before, first) ->
                        hasMoved(before.position(), position) ? first : new Since(position, before.moved())));
        seen.keySet().retainAll(positions.keySet());
    }

    /** Caught up counts as movement: the time starts when there is something to do. */
    private static boolean hasMoved(Position before, Position now) {
        return now.committed() != before.committed() || before.lag() == 0;
    }

    /** The partitions that stood where they stand now at the look before, with lag: either slow, or nothing is left to read. */
    synchronized List<TopicPartition> standing(Map<TopicPartition, Position> positions) {
        return positions.entrySet().stream()
                .filter(entry -> entry.getValue().lag() > 0)
                .filter(entry -> {
                    Since since = seen.get(entry.getKey());
                    return since == null
                            || since.position().lag() == 0
                            || since.position().committed() == entry.getValue().committed();
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    synchronized List<TopicPartition> stuck() {
        Instant now = clock.instant();
        return seen.entrySet().stream()
                .filter(entry -> entry.getValue().position().lag() > 0)
                .filter(entry -> Duration.between(entry.getValue().moved(), now).compareTo(stuckAfter) > 0)
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(TopicPartition::toString))
                .toList();
    }

    synchronized long lag(TopicPartition partition) {
        Since since = seen.get(partition);
        return since == null ? 0 : since.position().lag();
    }
}
