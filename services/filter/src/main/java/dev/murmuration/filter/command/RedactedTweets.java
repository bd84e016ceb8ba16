package dev.murmuration.filter.command;

import dev.murmuration.stage.ObjectStore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tweets that readers of shards must skip, as the store lists them: by the 16 digits with which the keys of their samples begin. */
final class RedactedTweets {

    private static final String PREFIX = "redactions/";
    private static final int HASH = 16;

    private final Set<String> hashes;

    RedactedTweets(Set<String> hashes) {
        this.hashes = Set.copyOf(hashes);
    }

    static RedactedTweets of(ObjectStore store) {
        Set<String> hashes = new TreeSet<>();
        store.list(PREFIX).forEach(object -> hashes.add(object.key().substring(PREFIX.length())));
        return new RedactedTweets(hashes);
    }

    /** In their order. */
    List<String> hashes() {
        return hashes.stream().sorted().toList();
    }

    /** Whether the sample of this key is one of them. */
    boolean has(String sampleKey) {
        return sampleKey.length() >= HASH && hashes.contains(sampleKey.substring(0, HASH));
    }
}
