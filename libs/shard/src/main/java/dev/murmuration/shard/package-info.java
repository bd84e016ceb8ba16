/**
 * The format of a shard, a tar as WebDataset reads it: {@link dev.murmuration.shard.ShardName} is its object's key,
 * {@link dev.murmuration.shard.SampleKey} the name of a sample's files, {@link dev.murmuration.shard.ShardWriter} writes,
 * {@link dev.murmuration.shard.ShardReader} reads, and {@link dev.murmuration.shard.Redactions} says which samples every reader
 * has to skip.
 */
@NullMarked
package dev.murmuration.shard;

import org.jspecify.annotations.NullMarked;
