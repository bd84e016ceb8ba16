package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Sentiment;
import java.nio.ByteBuffer;

/** How many photos of each class a data set took whose tweets were not deleted since. */
public record ClassCounts(long negative, long neutral, long positive) {

    /** No photos. */
    public static final ClassCounts NONE = new ClassCounts(0, 0, 0);

    /** Photos of this class. */
    public long of(Sentiment label) {
        return switch (label) {
            case negative -> negative;
            case neutral -> neutral;
            case positive -> positive;
        };
    }

    /** Photos of the rarest class. */
    public long smallest() {
        return Math.min(negative, Math.min(neutral, positive));
    }

    /** With so many more of a class, or fewer. */
    public ClassCounts plus(Sentiment label, long more) {
        return switch (label) {
            case negative -> new ClassCounts(negative + more, neutral, positive);
            case neutral -> new ClassCounts(negative, neutral + more, positive);
            case positive -> new ClassCounts(negative, neutral, positive + more);
        };
    }

    /** 24 bytes, as they lie in the store. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(negative)
                .putLong(neutral)
                .putLong(positive)
                .array();
    }

    /** Reads what {@link #toBytes} wrote. */
    public static ClassCounts of(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        return new ClassCounts(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
}
