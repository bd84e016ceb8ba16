package dev.murmuration.shard;

import dev.murmuration.schemas.Sha256;

/**
 * The key of a sample, which all its files in a shard are named by.
 *
 * @param tweetHash 16 hexadecimal digits of the SHA-256 of the tweet's id, so that no id can break a file name
 * @param index of the photo among those of the tweet, from 0
 */
public record SampleKey(String tweetHash, int index) {

    static final int HASH_DIGITS = 16;

    /** The key of this photo of a tweet. */
    public static SampleKey of(String tweetId, int index) {
        return new SampleKey(tweetHash(tweetId), index);
    }

    /** The part that all samples of a tweet have in common. */
    public static String tweetHash(String tweetId) {
        return Sha256.hex(tweetId).substring(0, HASH_DIGITS);
    }

    /** As it appears in names of files. */
    @Override
    public String toString() {
        return tweetHash + "-" + index;
    }
}
