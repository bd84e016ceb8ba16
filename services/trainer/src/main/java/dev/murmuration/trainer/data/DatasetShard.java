package dev.murmuration.trainer.data;

import java.util.List;

/**
 * A shard of a data set that epochs train on.
 *
 * @param shard its key and hash
 * @param samples number of samples
 * @param perClass number of samples of each class
 */
public record DatasetShard(ShardReference shard, long samples, List<Long> perClass) {}
