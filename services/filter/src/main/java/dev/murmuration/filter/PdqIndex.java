package dev.murmuration.filter;

import java.util.Arrays;

/**
 * Every stored PDQ hash within a Hamming distance of a query, exactly: multi-index hashing (Norouzi, Punjani, Fleet, "Fast Exact Search in Hamming Space with
 * Multi-Index Hashing", TPAMI 2014). The 256 bits are cut into chunks, each with a radius of its own. If two hashes differ in more than the radius in every
 * chunk, they differ in at least the sum of all (radius + 1) bits, which is 32: so whatever is nearer is found by looking up each chunk of the query and its
 * neighbours within the radius. What is too crowded for that lies in {@link PdqCrowds}.
 *
 * <p>Queries change nothing and may run side by side; additions may not.
 */
final class PdqIndex {

    /** The largest distance for which the chunks are exact. */
    static final int LARGEST_DISTANCE = 31;

    /** From here on wider chunks with emptier tables are faster; measured by {@code ./murmuration bench filter --index}. */
    static final int MANY = 1 << 17;

    /** Among fewer hashes no crowd can be large. */
    private static final int CROWDED = 1 << 14;

    private static final int WORDS = 4;
    private static final int FIRST_CAPACITY = 1024;

    private final int distance;
    private final int manyHashes;
    private final PdqCrowds crowds;
    /**
     * One row a hash: its 4 words, then for each chunk the hash before it in the same slot, two to a word. Side by side, so that a comparison waits for one
     * place of the memory.
     */
    private long[] rows;

    private int stride;
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
        this.crowds = new PdqCrowds(distance);
        this.chunks = PdqChunk.forFew(FIRST_CAPACITY);
        this.stride = stride(chunks);
        this.rows = new long[stride * FIRST_CAPACITY];
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
        if (crowds.take(words, base, owner)) {
            return;
        }
        if (size == owners.length) {
            makeRoom();
            add(words, base, owner);
            return;
        }
        System.arraycopy(words, base, rows, stride * size, WORDS);
        owners[size] = owner;
        size++;
        if (size == manyHashes) {
            rebuild();
        } else {
            link(size - 1);
        }
    }

    private void makeRoom() {
        if (size >= CROWDED) {
            crowds.open(rows, stride, size);
            int left = 0;
            for (int entry = 0; entry < size; entry++) {
                if (!crowds.take(rows, stride * entry, owners[entry])) {
                    System.arraycopy(rows, stride * entry, rows, stride * left, WORDS);
                    owners[left++] = owners[entry];
                }
            }
            size = left;
        }
        if (size > owners.length / 2) {
            owners = Arrays.copyOf(owners, 2 * owners.length);
        }
        rebuild();
    }

    /** The same with other numbers for the owners, without those whose new number is negative. */
    PdqIndex renumbered(int[] numbers) {
        PdqIndex other = new PdqIndex(distance, manyHashes);
        for (int entry = 0; entry < size; entry++) {
            if (numbers[owners[entry]] >= 0) {
                other.add(rows, stride * entry, numbers[owners[entry]]);
            }
        }
        crowds.forEach((words, base, owner) -> {
            if (numbers[owner] >= 0) {
                other.add(words, base, numbers[owner]);
            }
        });
        return other;
    }

    private void rebuild() {
        long[] before = rows;
        int strideBefore = stride;
        chunks = size >= manyHashes ? PdqChunk.forMany(owners.length) : PdqChunk.forFew(owners.length);
        mostLookups = lookups(chunks);
        stride = stride(chunks);
        rows = new long[Math.multiplyExact(stride, owners.length)];
        for (int entry = 0; entry < size; entry++) {
            System.arraycopy(before, strideBefore * entry, rows, stride * entry, WORDS);
            link(entry);
        }
    }

    private void link(int entry) {
        int row = stride * entry;
        for (int i = 0; i < chunks.length; i++) {
            long before = chunks[i].add(chunks[i].value(rows, row), entry) & 0xffff_ffffL;
            int word = row + WORDS + i / 2;
            rows[word] = i % 2 == 0 ? before : rows[word] | (before << Integer.SIZE);
        }
    }

    private static int stride(PdqChunk[] chunks) {
        return WORDS + (chunks.length + 1) / 2;
    }

    private static int lookups(PdqChunk[] chunks) {
        return Arrays.stream(chunks).mapToInt(PdqChunk::lookups).max().orElseThrow();
    }

    /** Shows the visitor what is near until it has seen enough. */
    void near(long[] pdq, Visitor visitor) {
        if (crowds.near(pdq, distance, visitor)) {
            return;
        }
        // One more than can be found: the branchless pass writes before it knows.
        int[] entries = new int[mostLookups + 1];
        for (int c = 0; c < chunks.length; c++) {
            int link = WORDS + c / 2;
            int shift = Integer.SIZE * (c % 2);
            int left = chunks[c].heads(chunks[c].value(pdq, 0), entries);
            while (left > 0) {
                int count = left;
                left = 0;
                for (int i = 0; i < count; i++) {
                    int row = stride * entries[i];
                    int bits = Long.bitCount(pdq[0] ^ rows[row])
                            + Long.bitCount(pdq[1] ^ rows[row + 1])
                            + Long.bitCount(pdq[2] ^ rows[row + 2])
                            + Long.bitCount(pdq[3] ^ rows[row + 3]);
                    if (bits <= distance && visitor.met(owners[entries[i]], bits)) {
                        return;
                    }
                    int next = (int) (rows[row + link] >>> shift);
                    entries[left] = next;
                    left += (next >>> 31) ^ 1;
                }
            }
        }
    }
}
