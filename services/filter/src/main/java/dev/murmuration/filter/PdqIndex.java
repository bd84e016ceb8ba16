package dev.murmuration.filter;

import java.util.Arrays;

/**
 * Every stored PDQ hash within a Hamming distance of a query, exactly: multi-index hashing (Norouzi, Punjani, Fleet, "Fast Exact Search in Hamming Space with
 * Multi-Index Hashing", TPAMI 2014). The 256 bits are cut into chunks, each with a radius of its own. If two hashes differ in more than the radius in every
 * chunk, they differ in at least the sum of all (radius + 1) bits, which is 32: so whatever is nearer is found by looking up each chunk of the query and its
 * neighbours within the radius.
 *
 * <p>Queries change nothing and may run side by side; additions may not.
 */
final class PdqIndex {

    /** The largest distance for which the chunks are exact. */
    static final int LARGEST_DISTANCE = 31;

    private static final int WORDS = 4;
    private static final int FIRST_CAPACITY = 1024;

    private final int distance;
    private final int manyHashes;
    private long[] hashes = new long[WORDS * FIRST_CAPACITY];
    private int[] owners = new int[FIRST_CAPACITY];
    private int size;
    private PdqChunk[] chunks = PdqChunk.forFew(FIRST_CAPACITY);

    /** @param distance in bits; what differs by this much or less is found */
    PdqIndex(int distance) {
        // By calculation for uniform hashes, not yet by measurement: below this, fewer and larger tables cost less.
        this(distance, 1 << 17);
    }

    /** @param manyHashes from how many hashes on wider chunks are used, whose tables are larger and emptier */
    PdqIndex(int distance, int manyHashes) {
        if (distance < 0 || distance > LARGEST_DISTANCE) {
            throw new IllegalArgumentException(
                    "PDQ distance %d is not within 0 to %d".formatted(distance, LARGEST_DISTANCE));
        }
        this.distance = distance;
        this.manyHashes = manyHashes;
    }

    /** What to do with a stored hash that is near the query. */
    interface Visitor {
        /** Whether the search is over. The same owner may be met more than once. */
        boolean met(int owner, int distance);
    }

    /** Stores a hash of 4 words for an owner. */
    void add(long[] pdq, int owner) {
        if (size == owners.length) {
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
            owners = Arrays.copyOf(owners, 2 * owners.length);
            for (PdqChunk chunk : chunks) {
                chunk.grow(owners.length);
            }
        }
        System.arraycopy(pdq, 0, hashes, WORDS * size, WORDS);
        owners[size] = owner;
        for (PdqChunk chunk : chunks) {
            chunk.add(chunk.value(pdq, 0), size);
        }
        size++;
        if (size == manyHashes) {
            chunks = PdqChunk.forMany(owners.length);
            for (int entry = 0; entry < size; entry++) {
                for (PdqChunk chunk : chunks) {
                    chunk.add(chunk.value(hashes, WORDS * entry), entry);
                }
            }
        }
    }

    /** Shows the visitor what is near, always in the same order for the same additions, until it has seen enough. */
    void near(long[] pdq, Visitor visitor) {
        for (PdqChunk chunk : chunks) {
            int value = chunk.value(pdq, 0);
            if (search(chunk, value, pdq, visitor)) {
                return;
            }
            for (int i = 0; i < chunk.width(); i++) {
                int one = value ^ (1 << i);
                if (search(chunk, one, pdq, visitor)) {
                    return;
                }
                for (int j = 0; chunk.radius() == 2 && j < i; j++) {
                    if (search(chunk, one ^ (1 << j), pdq, visitor)) {
                        return;
                    }
                }
            }
        }
    }

    private boolean search(PdqChunk chunk, int value, long[] pdq, Visitor visitor) {
        for (int entry = chunk.newest(value); entry >= 0; entry = chunk.before(entry)) {
            int base = WORDS * entry;
            int bits = Long.bitCount(pdq[0] ^ hashes[base])
                    + Long.bitCount(pdq[1] ^ hashes[base + 1])
                    + Long.bitCount(pdq[2] ^ hashes[base + 2])
                    + Long.bitCount(pdq[3] ^ hashes[base + 3]);
            if (bits <= distance && visitor.met(owners[entry], bits)) {
                return true;
            }
        }
        return false;
    }
}
