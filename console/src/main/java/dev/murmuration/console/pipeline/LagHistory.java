package dev.murmuration.console.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** The lag of every group and partition: the last hour in steps of 5 s, the last day in steps of 2 min. Safe for use by several threads. */
public final class LagHistory {

    /** Partitions that are remembered; of further ones nothing is, so that memory has a limit. */
    public static final int MAX_SERIES = 256;

    private static final Duration HOUR_STEP = Duration.ofSeconds(5);
    private static final Duration DAY_STEP = Duration.ofMinutes(2);

    /**
     * The lag of a group on one partition.
     *
     * @param group the consumer group
     * @param topic what it reads
     * @param partition of that topic
     * @param points oldest first
     */
    public record Line(String group, String topic, int partition, List<LagSeries.Point> points) {}

    private record Key(String group, String topic, int partition) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byGroup = group.compareTo(other.group);
            int byTopic = byGroup == 0 ? topic.compareTo(other.topic) : byGroup;
            return byTopic == 0 ? Integer.compare(partition, other.partition) : byTopic;
        }
    }

    private record Both(LagSeries hour, LagSeries day) {}

    private final Map<Key, Both> series = new TreeMap<>();

    /** Takes what a look saw. */
    public synchronized void add(String group, TopicPartition partition, Instant at, long records, Duration age) {
        Key key = new Key(group, partition.topic(), partition.partition());
        Both both = series.get(key);
        if (both == null) {
            if (series.size() >= MAX_SERIES) {
                return;
            }
            both = new Both(new LagSeries(Duration.ofHours(1), HOUR_STEP), new LagSeries(Duration.ofDays(1), DAY_STEP));
            series.put(key, both);
        }
        both.hour().add(at, records, age);
        both.day().add(at, records, age);
    }

    /** A line for each group and partition, of the last hour or of the last day. */
    public synchronized List<Line> lines(boolean wholeDay) {
        return series.entrySet().stream()
                .map(entry -> new Line(
                        entry.getKey().group(),
                        entry.getKey().topic(),
                        entry.getKey().partition(),
                        wholeDay
                                ? entry.getValue().day().points()
                                : entry.getValue().hour().points()))
                .toList();
    }
}
