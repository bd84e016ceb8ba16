package dev.murmuration.trainer.data;

/**
 * A shard that the run has met.
 *
 * @param key its object
 * @param sha256 of its bytes
 */
public record KnownShard(String key, String sha256) {}
