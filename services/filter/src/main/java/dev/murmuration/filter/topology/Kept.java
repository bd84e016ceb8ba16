package dev.murmuration.filter.topology;

import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.Sentiment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A photo that was kept, as the decider's store remembers it.
 *
 * @param order offset of its candidate: photos were kept in this order
 * @param at when its tweet was created, or reached the filter if that was earlier: an age is counted from here, in ms since the epoch
 * @param hash what later photos are compared with
 * @param dataSets the names of the data sets that kept it
 * @param label as what they counted it
 */
public record Kept(long order, long at, PhotoHash hash, List<String> dataSets, Sentiment label) {

    private static final int FIXED = 2 * Long.BYTES + 2 * PhotoHash.BYTES + 1;

    /** Copies the list. */
    public Kept {
        dataSets = List.copyOf(dataSets);
    }

    /** As the store has it. */
    public byte[] toBytes() {
        byte[] names = (label + "," + String.join(",", dataSets)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(FIXED + names.length).putLong(order).putLong(at);
        for (long word : hash.sha256()) {
            bytes.putLong(word);
        }
        for (long word : hash.pdq()) {
            bytes.putLong(word);
        }
        return bytes.put((byte) hash.quality()).put(names).array();
    }

    static Kept of(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        long order = bytes.getLong();
        long at = bytes.getLong();
        PhotoHash hash = new PhotoHash(words(bytes), words(bytes), bytes.get());
        List<String> names =
                List.of(new String(stored, FIXED, stored.length - FIXED, StandardCharsets.UTF_8).split(",", -1));
        return new Kept(order, at, hash, names.subList(1, names.size()), Sentiment.valueOf(names.getFirst()));
    }

    private static long[] words(ByteBuffer bytes) {
        return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
    }
}
