package dev.murmuration.local.audit;

import dev.murmuration.shard.SampleKey;

/**
 * A photo of a record.
 *
 * @param tweetId the record's id
 * @param index its position among the record's photos, from 0
 */
public record PhotoId(String tweetId, int index) implements Comparable<PhotoId> {

    /** Its sample's key in a shard. */
    String sampleKey() {
        return SampleKey.of(tweetId, index).toString();
    }

    @Override
    public int compareTo(PhotoId other) {
        int byTweet = tweetId.compareTo(other.tweetId);
        return byTweet != 0 ? byTweet : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return tweetId + "#" + index;
    }
}
