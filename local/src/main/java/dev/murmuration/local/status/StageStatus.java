package dev.murmuration.local.status;

import java.time.Duration;

/**
 * One stage as a line.
 *
 * @param stage its name
 * @param group the consumer group by which it reads; empty for the crawler
 * @param topic what it reads; of the crawler, what it writes
 * @param position committed offsets, added up over the partitions; of the crawler, ends
 * @param rate how many of them were added in a second
 * @param waiting offsets between the position and the end
 * @param age how long the first record that waits has been waiting
 * @param standing how long the position has not moved although something waits
 */
record StageStatus(
        String stage,
        String group,
        String topic,
        long position,
        double rate,
        long waiting,
        Duration age,
        Duration standing) {}
