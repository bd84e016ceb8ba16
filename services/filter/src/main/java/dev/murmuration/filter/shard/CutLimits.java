package dev.murmuration.filter.shard;

import java.time.Duration;

/**
 * When the open shards of a partition are closed.
 *
 * @param samples most samples in a shard
 * @param bytes most bytes of samples in a shard; a single larger sample is a shard of its own
 * @param span largest time between the arrivals of the oldest and the newest tweet
 */
record CutLimits(int samples, long bytes, Duration span) {}
