package dev.murmuration.filter.duplicate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a photo is compared by: the SHA-256 of its bytes, and ThreatExchange's perceptual hash PDQ with its quality, 0 to 100.
 * Both hashes are 4 words.
 */
public final class PhotoHash {

    /** The length of both hashes. */
    public static final int BYTES = 32;

    private final long[] sha256;
    private final long[] pdq;
    private final int quality;

    /**
     * Both hashes of a photo.
     *
     * @param sha256 of its bytes, four words, big-endian
     * @param pdq of its pixels, four words, big-endian
     * @param quality of the PDQ hash, 0 to 100
     */
    public PhotoHash(long[] sha256, long[] pdq, int quality) {
        this.sha256 = sha256;
        this.pdq = pdq;
        this.quality = quality;
    }

    /**
     * The hashes of a photo as its event has them.
     *
     * @throws IllegalArgumentException if a hash does not have 32 bytes or the quality is not within 0 to 100
     */
    public static PhotoHash of(String sha256, ByteBuffer pdq, int quality) {
        if (sha256.length() != 2 * BYTES) {
            throw new IllegalArgumentException("sha256 has %d characters, not 64".formatted(sha256.length()));
        }
        if (pdq.remaining() != BYTES) {
            throw new IllegalArgumentException("pdq has %d bytes, not 32".formatted(pdq.remaining()));
        }
        if (quality < 0 || quality > 100) {
            throw new IllegalArgumentException("pdq quality %d is not within 0 to 100".formatted(quality));
        }
        return new PhotoHash(words(ByteBuffer.wrap(HexFormat.of().parseHex(sha256))), words(pdq), quality);
    }

    /** Not to be changed. */
    public long[] sha256() {
        return sha256;
    }

    /** Not to be changed. */
    public long[] pdq() {
        return pdq;
    }

    /** Quality of the PDQ hash, 0 to 100. */
    public int quality() {
        return quality;
    }

    private static long[] words(ByteBuffer bytes) {
        long[] words = new long[BYTES / Long.BYTES];
        bytes.duplicate().asLongBuffer().get(words);
        return words;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PhotoHash that
                && quality == that.quality
                && Arrays.equals(sha256, that.sha256)
                && Arrays.equals(pdq, that.pdq);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sha256[0]);
    }
}
