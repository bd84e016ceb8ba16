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

    /** From here on wider chunks with emptier tables are faster; measured by {@code ./murmuration bench filter}. */
    static final int MANY = 1 << 15;

    private static final int WORDS = 4;
    private static final int FIRST_CAPACITY = 1024;

    private final int distance;
    private final int manyHashes;
    private long[] hashes = new long[WORDS * FIRST_CAPACITY];
    private int[] owners = new int[FIRST_CAPACITY];
    private int size;
    private PdqChunk[] chunks;
    private int mostLookups;

    /** @param distance in bits; what differs by this much or less is found */
    PdqIndex(int distance) {
        this(distance, MANY);
    }

    /** @param manyHashes from how many hashes on wider chunks are used */
    PdqIndex(int distance, int manyHashes) {
        if (distance < 0 || distance > LARGEST_DISTANCE) {
            throw new IllegalArgumentException(
                    "PDQ distance %d is not within 0 to %d".formatted(distance, LARGEST_DISTANCE));
        }
        this.distance = distance;
        this.manyHashes = manyHashes;
        this.chunks = PdqChunk.forFew(FIRST_CAPACITY);
        this.mostLookups = lookups(chunks);
    }

    /** What to do with a stored hash that is near the query. */
    interface Visitor {
        /** Whether the search is over. The same owner may be met more than once, and in any order. */
        boolean met(int owner, int distance);
    }

    /** Stores a hash of 4 words for an owner. */
    void add(long[] pdq, int owner) {
        add(pdq, 0, owner);
    }

    private void add(long[] words, int base, int owner) {
        if (size == owners.length) {
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
            owners = Arrays.copyOf(owners, 2 * owners.length);
            rebuild();
        }
        System.arraycopy(words, base, hashes, WORDS * size, WORDS);
        owners[size] = owner;
        size++;
        if (size == manyHashes) {
            rebuild();
        } else {
            link(size - 1);
        }
    }

    /** The same with other numbers for the owners, without those whose new number is negative. */
    PdqIndex renumbered(int[] numbers) {
        PdqIndex other = new PdqIndex(distance, manyHashes);
        for (int entry = 0; entry < size; entry++) {
            if (numbers[owners[entry]] >= 0) {
                other.add(hashes, WORDS * entry, numbers[owners[entry]]);
            }
        }
        return other;
    }

    private void rebuild() {
        chunks = size >= manyHashes ? PdqChunk.forMany(owners.length) : PdqChunk.forFew(owners.length);
        mostLookups = lookups(chunks);
        for (int entry = 0; entry < size; entry++) {
            link(entry);
        }
    }

    private void link(int entry) {
        for (PdqChunk chunk : chunks) {
            chunk.add(chunk.value(hashes, WORDS * entry), entry);
        }
    }

    private static int lookups(PdqChunk[] chunks) {
        return Arrays.stream(chunks).mapToInt(PdqChunk::lookups).max().orElseThrow();
    }

    /** Shows the visitor what is near until it has seen enough. */
    void near(long[] pdq, Visitor visitor) {
        // One more than can be found: the branchless pass writes before it knows.
        int[] entries = new int[mostLookups + 1];
        for (PdqChunk chunk : chunks) {
            int left = chunk.heads(chunk.value(pdq, 0), entries);
            while (left > 0) {
                int count = left;
                left = 0;
                for (int i = 0; i < count; i++) {
                    int entry = entries[i];
                    int base = WORDS * entry;
                    int bits = Long.bitCount(pdq[0] ^ hashes[base])
                            + Long.bitCount(pdq[1] ^ hashes[base + 1])
                            + Long.bitCount(pdq[2] ^ hashes[base + 2])
                            + Long.bitCount(pdq[3] ^ hashes[base + 3]);
                    if (bits <= distance && visitor.met(owners[entry], bits)) {
                        return;
                    }
                    int next = chunk.before(entry);
                    entries[left] = next;
                    left += (next >>> 31) ^ 1;
                }
            }
        }
    }
}
