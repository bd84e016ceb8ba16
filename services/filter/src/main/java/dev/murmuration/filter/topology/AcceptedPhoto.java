package dev.murmuration.filter.topology;

import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.Sentiment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A photo that at least one data set accepted, as the selection's store has it.
 *
 * @param order offset of its candidate: photos were accepted in this order
 * @param at time from which its age counts, in ms since the epoch: when its tweet was created, or reached the filter if that was earlier
 * @param hash what later photos are compared with
 * @param dataSets names of the data sets that accepted it
 * @param label class that it counts as
 */
public record AcceptedPhoto(long order, long at, PhotoHash hash, List<String> dataSets, Sentiment label) {

    private static final int FIXED = 2 * Long.BYTES + 2 * PhotoHash.BYTES + 1;

    /** Copies the list. */
    public AcceptedPhoto {
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

    static AcceptedPhoto of(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        long order = bytes.getLong();
        long at = bytes.getLong();
        PhotoHash hash = new PhotoHash(words(bytes), words(bytes), bytes.get());
        List<String> names =
                List.of(new String(stored, FIXED, stored.length - FIXED, StandardCharsets.UTF_8).split(",", -1));
        return new AcceptedPhoto(order, at, hash, names.subList(1, names.size()), Sentiment.valueOf(names.getFirst()));
    }

    private static long[] words(ByteBuffer bytes) {
        return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
    }
}
