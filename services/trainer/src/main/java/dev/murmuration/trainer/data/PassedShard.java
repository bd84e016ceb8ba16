package dev.murmuration.trainer.data;

import java.util.List;

/**
 * A shard of a data set that is passed over in epochs.
 *
 * @param shard what it is called
 * @param samples in it
 * @param perClass those of each class
 */
public record PassedShard(KnownShard shard, long samples, List<Long> perClass) {}
