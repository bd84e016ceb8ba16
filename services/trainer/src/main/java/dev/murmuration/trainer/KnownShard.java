package dev.murmuration.trainer;

/**
 * A shard that the run has met.
 *
 * @param key its object
 * @param sha256 of its bytes
 */
record KnownShard(String key, String sha256) {}
