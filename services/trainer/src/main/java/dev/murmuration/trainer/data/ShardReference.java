package dev.murmuration.trainer.data;

/**
 * A shard as its event names it.
 *
 * @param key of its object
 * @param sha256 of its bytes
 */
public record ShardReference(String key, String sha256) {}
