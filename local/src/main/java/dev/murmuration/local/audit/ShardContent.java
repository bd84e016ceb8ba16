package dev.murmuration.local.audit;

import dev.murmuration.shard.ShardIndex;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The object under a shard's key. */
sealed interface ShardContent {

    /** Nothing. */
    record Missing() implements ShardContent {}

    /** Something that is not a readable tar. */
    record Unreadable(String problem) implements ShardContent {}

    /**
     * A tar.
     *
     * @param sha256 of its bytes, lower-case hexadecimal
     * @param bytes its length
     * @param keys of its samples, in its order
     * @param perClass samples by class index
     */
    record Found(String sha256, long bytes, List<String> keys, Map<Integer, Long> perClass) implements ShardContent {}

    /** Inspects an object; reads it to its end and closes it. */
    static ShardContent of(Optional<InputStream> object) throws IOException {
        if (object.isEmpty()) {
            return new Missing();
        }
        try (InputStream bytes = object.get()) {
            ShardIndex index = ShardIndex.read(bytes);
            return new Found(index.sha256(), index.bytes(), index.keys(), index.perClass());
        } catch (ShardIndex.MalformedException e) {
            return new Unreadable(String.valueOf(e.getMessage()));
        }
    }
}
