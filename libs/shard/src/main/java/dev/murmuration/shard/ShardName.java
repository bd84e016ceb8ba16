package dev.murmuration.shard;

import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;

/** Keys of shards in the object store: {@code shards/<dataset>/<split>/<partition>-<first offset>-<SHA-256>.tar}. */
public final class ShardName {

    private ShardName() {}

    /** What the keys of a data set's shards start with. */
    public static String prefix(String dataset) {
        return "shards/" + dataset + "/";
    }

    /**
     * The key of a shard.
     *
     * @param partition of {@code labelled-images} that it was packed from
     * @param firstOffset of the first record that it covers
     * @param sha256 of its bytes
     */
    public static String of(String dataset, Split split, int partition, long firstOffset, String sha256) {
        return "%s%s/%d-%d-%s.tar".formatted(prefix(dataset), split, partition, firstOffset, sha256);
    }

    /** The key of a shard that replaces this one and covers the same records. */
    public static String rewritten(Shard shard, String sha256) {
        return shard.getKey().replace(shard.getSha256(), sha256);
    }
}
