package dev.murmuration.filter.duplicate;

import java.util.Arrays;

/**
 * Every stored PDQ hash within a Hamming distance of a query, exactly: multi-index hashing (Norouzi, Punjani, Fleet, "Fast Exact
 * Search in Hamming Space with Multi-Index Hashing", TPAMI 2014) with the stronger principle of Qin and Xiao ("Pigeonring: A
 * Principle for Faster Thresholded Similarity Search", PVLDB 12(1), 2018). The 256 bits are a ring of 16 chunks. Hashes that
 * differ in at most 31 bits differ in less than 2 bits a chunk; so there is a chunk from which on, around the ring, they never
 * differ in 2 bits a chunk or more: in at most 1 bit of it, and in at most 5 bits of it and the two after it. (It is the one
 * after the chunk until which the surplus over 2 bits a chunk is greatest, and last so great.) Each chunk's table therefore
 * holds, side by side for all hashes with one value of the chunk, the two chunks that follow: of 4,200 hashes that a query among
 * a million random ones meets, 1 in 80,000 is left to be compared whole. Dense regions, of which a query would meet and compare
 * too many, lie in {@link PdqCrowds}.
 *
 * <p>Queries change nothing and may run side by side; additions may not.
 */
public final class PdqIndex {

    /** The largest distance for which the chunks are exact: one less than 2 bits a chunk. */
    public static final int MAX_DISTANCE = 31;

    private static final int WORDS = 4;
    private static final int CHUNK_BITS = 16;
    private static final int CHUNKS = WORDS * Long.SIZE / CHUNK_BITS;
    private static final int CHUNKS_OF_A_WORD = Long.SIZE / CHUNK_BITS;

    /** In so many bits at most a near hash differs in a chunk and the two after it, for one of the chunks. */
    private static final int THREE_CHUNKS = 5;

    /** Among fewer hashes no region is so dense that it matters. */
    private static final int CROWDED = 1 << 18;

    private final int distance;
    private final int crowded;
    private final PdqCrowds crowds;
    private final PdqBuckets buckets = new PdqBuckets(CHUNKS << CHUNK_BITS);
    private long[] hashes = new long[WORDS * 1024];
    private int[] owners = new int[1024];
    private int size;

    /** @param distance in bits; what differs by this much or less is found */
    PdqIndex(int distance) {
        this(distance, CROWDED);
    }

    /** @param crowded from how many hashes on dense regions are looked for, whenever they have doubled */
    PdqIndex(int distance, int crowded) {
        if (distance < 0 || distance > MAX_DISTANCE) {
            throw new IllegalArgumentException(
                    "PDQ distance %d is not within 0 to %d".formatted(distance, MAX_DISTANCE));
        }
        this.distance = distance;
        this.crowded = crowded;
        this.crowds = new PdqCrowds(distance);
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
        System.arraycopy(words, base, hashes, WORDS * size, WORDS);
        owners[size] = owner;
        link(size);
        size++;
    }

    private void makeRoom() {
        if (size >= crowded) {
            disperse();
        }
        if (size > owners.length / 2) {
            owners = Arrays.copyOf(owners, 2 * owners.length);
            hashes = Arrays.copyOf(hashes, Math.multiplyExact(2, hashes.length));
        }
    }

    /** Hands what is in a dense region over to the crowds. */
    private void disperse() {
        crowds.open(hashes, size);
        int left = 0;
        for (int hash = 0; hash < size; hash++) {
            if (!crowds.take(hashes, WORDS * hash, owners[hash])) {
                System.arraycopy(hashes, WORDS * hash, hashes, WORDS * left, WORDS);
                owners[left++] = owners[hash];
            }
        }
        if (left < size) {
            size = left;
            buckets.clear();
            for (int hash = 0; hash < size; hash++) {
                link(hash);
            }
        }
    }

    private void link(int hash) {
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            buckets.add(place(hashes, WORDS * hash, chunk), following(hashes, WORDS * hash, chunk), hash);
        }
    }

    /** The same with other numbers for the owners, without those whose new number is negative. */
    PdqIndex renumbered(int[] numbers) {
        PdqIndex other = new PdqIndex(distance, crowded);
        for (int hash = 0; hash < size; hash++) {
            if (numbers[owners[hash]] >= 0) {
                other.add(hashes, WORDS * hash, numbers[owners[hash]]);
            }
        }
        crowds.forEach((words, base, owner) -> {
            if (numbers[owner] >= 0) {
                other.add(words, base, numbers[owner]);
            }
        });
        return other;
    }

    /** Shows the visitor what is near until it has seen enough. */
    void near(long[] pdq, Visitor visitor) {
        if (crowds.near(pdq, distance, visitor)) {
            return;
        }
        PdqBuckets.Visitor compared = hash -> {
            int bits = distance(pdq, hashes, WORDS * hash);
            return bits <= distance && visitor.met(owners[hash], bits);
        };
        int place = place(pdq, 0, 0);
        int ahead = readAhead(place);
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            // The next chunk's buckets come from the memory while this one's are looked at.
            int next = place(pdq, 0, (chunk + 1) % CHUNKS);
            int aheadOfNext = readAhead(next);
            if (ahead != 0 && look(place, following(pdq, 0, chunk), compared)) {
                return;
            }
            place = next;
            ahead = aheadOfNext;
        }
    }

    private int readAhead(int place) {
        int read = buckets.readAhead(place);
        for (int bit = 0; bit < CHUNK_BITS; bit++) {
            read |= buckets.readAhead(place ^ (1 << bit));
        }
        return read;
    }

    /** Looks into the buckets of this place's value and of those that differ from it in one bit. */
    private boolean look(int place, int following, PdqBuckets.Visitor compared) {
        boolean isOver = buckets.look(place, following, THREE_CHUNKS, compared);
        for (int bit = 0; bit < CHUNK_BITS && !isOver; bit++) {
            isOver = buckets.look(place ^ (1 << bit), following, THREE_CHUNKS - 1, compared);
        }
        return isOver;
    }

    private static int distance(long[] pdq, long[] words, int base) {
        return Long.bitCount(pdq[0] ^ words[base])
                + Long.bitCount(pdq[1] ^ words[base + 1])
                + Long.bitCount(pdq[2] ^ words[base + 2])
                + Long.bitCount(pdq[3] ^ words[base + 3]);
    }

    /** The bucket for this chunk of the hash that begins at this word. */
    private static int place(long[] words, int base, int chunk) {
        return (chunk << CHUNK_BITS) | (bits(words, base, chunk) & ((1 << CHUNK_BITS) - 1));
    }

    /** The two chunks after this one. */
    private static int following(long[] words, int base, int chunk) {
        int one = (chunk + 1) % CHUNKS;
        int two = (chunk + 2) % CHUNKS;
        return (bits(words, base, one) & ((1 << CHUNK_BITS) - 1)) | (bits(words, base, two) << CHUNK_BITS);
    }

    /** The chunk, and above it what follows in its word. */
    private static int bits(long[] words, int base, int chunk) {
        return (int) (words[base + chunk / CHUNKS_OF_A_WORD] >>> (CHUNK_BITS * (chunk % CHUNKS_OF_A_WORD)));
    }
}
