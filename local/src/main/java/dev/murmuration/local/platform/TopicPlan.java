package dev.murmuration.local.platform;

import java.time.Duration;

/**
 * How the topics of the pipeline come into being.
 *
 * @param create whether we make those that are missing; else somebody else does, and they are waited for
 * @param partitions `platform.partitions`, of the topics that have as many as the platform is set to
 * @param replication `platform.replication`, copies of each partition
 * @param retention `platform.retention`, how long topics that delete keep their records
 */
public record TopicPlan(boolean create, int partitions, int replication, Duration retention) {

    /** Checks what a person can set wrong. */
    public TopicPlan {
        if (partitions < 1 || partitions > 1000) {
            throw new IllegalArgumentException("platform.partitions=" + partitions + ": must be from 1 to 1000");
        }
        if (replication < 1 || replication > 100) {
            throw new IllegalArgumentException("platform.replication=" + replication + ": must be from 1 to 100");
        }
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("platform.retention=" + retention + ": must be longer than nothing");
        }
    }
}
