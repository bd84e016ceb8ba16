/** Labelled images to shards: tar files that a training can read in order, each sealed in one transaction with the offsets it covers. */
@NullMarked
package dev.murmuration.filter.shard;

import org.jspecify.annotations.NullMarked;
