package dev.murmuration.local.audit;

import java.util.Map;
import java.util.TreeMap;

/**
 * The records that an audit has read, and how far the stages had come before.
 *
 * @param first by topic and partition, the first offset that is still on the topic
 * @param end by topic and partition, the offset after the last that was read
 * @param committed by group, topic and partition, the next offset that the group reads: records before it must have their outcome
 *     among those read
 * @param undecided records that the filter has taken in but not decided
 * @param oldest record time from which on nothing has expired, milliseconds since the epoch
 */
public record AuditedRange(
        Map<String, Map<Integer, Long>> first,
        Map<String, Map<Integer, Long>> end,
        Map<String, Map<String, Map<Integer, Long>>> committed,
        long undecided,
        long oldest) {

    /** Whether a group has processed a record. */
    boolean passed(String group, String topic, RecordPosition place) {
        return place.offset()
                < committed
                        .getOrDefault(group, Map.of())
                        .getOrDefault(topic, Map.of())
                        .getOrDefault(place.partition(), 0L);
    }

    long first(String topic, int partition) {
        return first.getOrDefault(topic, Map.of()).getOrDefault(partition, 0L);
    }

    /** Whether records of a topic have expired. */
    boolean expired(String topic) {
        return first.getOrDefault(topic, Map.of()).values().stream().anyMatch(offset -> offset > 0);
    }

    /** The offsets as one line per topic. */
    public Map<String, String> lines() {
        Map<String, String> lines = new TreeMap<>();
        end.forEach((topic, partitions) -> {
            StringBuilder line = new StringBuilder();
            new TreeMap<>(partitions)
                    .forEach((partition, offset) -> line.append(line.isEmpty() ? "" : ", ")
                            .append("%d: %d to %d".formatted(partition, first(topic, partition), offset)));
            lines.put(topic, line.toString());
        });
        return lines;
    }
}
