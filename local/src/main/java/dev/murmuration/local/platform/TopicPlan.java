package dev.murmuration.local.platform;

import java.time.Duration;

/**
 * How the topics of the pipeline are created.
 *
 * @param create whether missing topics are created; else they are waited for
 * @param partitions `platform.partitions`, of the topics whose number of partitions is configurable
 * @param replication `platform.replication`, copies of each partition
 * @param retention `platform.retention`, retention of the topics with the policy delete
 */
public record TopicPlan(boolean create, int partitions, int replication, Duration retention) {

    /** Checks the settings. */
    public TopicPlan {
        if (partitions < 1 || partitions > 1000) {
            throw new IllegalArgumentException("platform.partitions=" + partitions + ": must be from 1 to 1000");
        }
        if (replication < 1 || replication > 100) {
            throw new IllegalArgumentException("platform.replication=" + replication + ": must be from 1 to 100");
        }
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("platform.retention=" + retention + ": must be a positive duration");
        }
    }
}
