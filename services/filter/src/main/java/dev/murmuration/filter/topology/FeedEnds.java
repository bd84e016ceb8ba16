package dev.murmuration.filter.topology;

import dev.murmuration.schemas.EndOfFeed;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of a feed's end markers were seen: the feed is over when all of them were.
 *
 * @param of how many partitions the writing stage closes
 * @param seen those closed so far
 */
record FeedEnds(int of, BitSet seen) {

    /** What was stored, if anything, with this marker seen too. A marker of another width begins a new count: the topic was made anew. */
    static FeedEnds plus(byte @Nullable [] stored, EndOfFeed marker) {
        BitSet seen = new BitSet();
        if (stored != null) {
            ByteBuffer bytes = ByteBuffer.wrap(stored);
            if (bytes.getInt() == marker.of()) {
                seen = BitSet.valueOf(bytes);
            }
        }
        seen.set(marker.partition());
        return new FeedEnds(marker.of(), seen);
    }

    boolean complete() {
        return seen.cardinality() == of;
    }

    byte[] toBytes() {
        byte[] bits = seen.toByteArray();
        return ByteBuffer.allocate(Integer.BYTES + bits.length)
                .putInt(of)
                .put(bits)
                .array();
    }
}
