package dev.murmuration.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One look at where a group stands on a partition.
 *
 * @param committed the next offset to read that the group committed; the partition's beginning if it never did
 * @param end the offset behind the last committed record
 * @param oldest the time of the first record that waits; empty if none does, also when only markers of transactions stand between
 *     the two offsets
 */
public record Reading(long committed, long end, Optional<Instant> oldest) {

    /** Offsets between the committed position and the end, 0 if no record is among them. Markers of transactions between records count. */
    public long records() {
        return oldest.isEmpty() ? 0 : Math.max(0, end - committed);
    }

    /** How long the first record that waits has been waiting; nothing if none does. */
    public Duration age(Instant now) {
        return oldest.map(since -> Duration.between(since, now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }
}
