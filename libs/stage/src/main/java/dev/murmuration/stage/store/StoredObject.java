package dev.murmuration.stage.store;

import java.time.Instant;

/**
 * One object in a listing.
 *
 * @param key its key in the bucket
 * @param bytes its size
 * @param etag what the store calls its content; changes when the content does
 * @param modified when it was written, by the store's clock
 */
public record StoredObject(String key, long bytes, String etag, Instant modified) {}
