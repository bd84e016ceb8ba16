package dev.murmuration.local.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A photo of a record.
 *
 * @param tweetId the record's id
 * @param index its position among the record's photos, from 0
 */
public record PhotoId(String tweetId, int index) implements Comparable<PhotoId> {

    private static final int KEY_DIGITS = 16;

    /** Its sample's key in a shard: 16 hexadecimal digits of the SHA-256 of the tweet id, and the index. */
    String sampleKey() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(tweetId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, KEY_DIGITS) + "-" + index;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
