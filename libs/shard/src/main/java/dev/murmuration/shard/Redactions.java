package dev.murmuration.shard;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which samples every reader of shards has to skip, because their tweets were deleted: one object {@code redactions/<tweet hash>}
 * for each tweet. It tells nothing that the shards do not.
 */
public final class Redactions {

    /** What the keys of these objects start with. */
    public static final String PREFIX = "redactions/";

    /** The object that says how far sealed shards and photos follow: the time of the newest redaction that {@code redact} has worked in. */
    public static final String FOLLOWED = "redactions-followed";

    private final Set<String> tweetHashes = new TreeSet<>();

    /**
     * From the keys of all objects under {@link #PREFIX}.
     *
     * @param objectKeys as the store lists them
     */
    public Redactions(Collection<String> objectKeys) {
        objectKeys.forEach(key -> tweetHashes.add(key.substring(PREFIX.length())));
    }

    /** The key of the object that redacts a tweet. */
    public static String objectKey(String tweetId) {
        return PREFIX + SampleKey.tweetHash(tweetId);
    }

    /** The content of that object: the hash, so that a copy of the store can be searched. */
    public static byte[] content(String tweetId) {
        return (SampleKey.tweetHash(tweetId) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a sample with this key has to be skipped. */
    public boolean contains(String sampleKey) {
        return sampleKey.length() >= SampleKey.HASH_DIGITS
                && tweetHashes.contains(sampleKey.substring(0, SampleKey.HASH_DIGITS));
    }

    /** All hashes, sorted. */
    public List<String> tweetHashes() {
        return List.copyOf(tweetHashes);
    }
}
