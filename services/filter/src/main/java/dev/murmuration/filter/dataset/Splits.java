package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Split;
import java.nio.ByteBuffer;

/**
 * Which part of its data set a photo belongs to: by a hash of its tweet, or of its author where the feed names one, so that no
 * two splits share a tweet.
 *
 * @param by what must not straddle two splits
 * @param train the share of training photos, in relation to the sum of the three
 */
public record Splits(By by, int train, int val, int test) {

    /** What must not straddle two splits. */
    public enum By {
        TWEET,
        AUTHOR
    }

    /** @throws IllegalArgumentException if a share is negative or all are 0 */
    public Splits {
        if (train < 0 || val < 0 || test < 0 || train + val + test <= 0) {
            throw new IllegalArgumentException("splits %d/%d/%d".formatted(train, val, test));
        }
    }

    /** The split of a tweet, or of its author: a function of the SHA-256 of that id and of nothing else. */
    public Split of(String tweetId, String authorHash) {
        String unit = by == By.AUTHOR && !authorHash.isEmpty() ? authorHash : tweetId;
        long place = ByteBuffer.wrap(Sha256.of(unit)).getInt() & 0xffff_ffffL;
        long share = place % (train + val + test);
        return share < train ? Split.train : share < train + val ? Split.val : Split.test;
    }
}
