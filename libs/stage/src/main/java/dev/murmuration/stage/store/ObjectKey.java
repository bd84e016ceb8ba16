package dev.murmuration.stage.store;

import java.nio.charset.StandardCharsets;

/**
 * The valid keys of an object in an S3 store. Keys in events are untrusted: a store that rejects one must not be mistaken for an
 * unavailable store.
 */
final class ObjectKey {

    private static final int MAX_BYTES = 1024;
    private static final int MAX_PART_BYTES = 255;

    private ObjectKey() {}

    /**
     * Whether a store can hold an object of this key: at most 1,024 bytes, each part between slashes has 1 to 255 bytes and is not made of
     * dots alone, and there are no control characters.
     */
    static boolean isPossible(String key) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)
                || key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                || key.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        for (String part : key.split("/", -1)) {
            int bytes = part.getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || bytes > MAX_PART_BYTES || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses a key that no object can have.
     *
     * @throws IllegalArgumentException if the key is not {@linkplain #isPossible possible}
     */
    static void require(String key) {
        if (!isPossible(key)) {
            throw new IllegalArgumentException(
                    "no object can have a key of %d characters like this".formatted(key.length()));
        }
    }
}
