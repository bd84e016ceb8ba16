package dev.murmuration.stage;

/**
 * One object in a listing.
 *
 * @param key its key in the bucket
 * @param bytes its size
 * @param etag what the store calls its content; changes when the content does
 */
public record StoredObject(String key, long bytes, String etag) {}
