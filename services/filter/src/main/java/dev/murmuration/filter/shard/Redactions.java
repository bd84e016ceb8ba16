package dev.murmuration.filter.shard;

import dev.murmuration.stage.ObjectStore;
import java.nio.charset.StandardCharsets;

/**
 * The list of what readers of shards must skip: one object {@code redactions/<hash16>} for each deleted tweet, named as its samples' keys begin. It says
 * nothing that the shards do not.
 */
final class Redactions {

    private static final String PREFIX = "redactions/";

    private final ObjectStore store;

    Redactions(ObjectStore store) {
        this.store = store;
    }

    void add(String tweetId) {
        String hash16 = Sample.hash16(tweetId);
        store.putIfAbsent(PREFIX + hash16, (hash16 + "\n").getBytes(StandardCharsets.US_ASCII), "text/plain");
    }
}
