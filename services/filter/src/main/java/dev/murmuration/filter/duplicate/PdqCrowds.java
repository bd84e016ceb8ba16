package dev.murmuration.filter.duplicate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dense regions among the stored hashes. Where many hashes look alike without being near, a multi-index meets most of them in
 * every query, each at another place of the memory; here they lie side by side and are simply compared. A crowd has a centre, and
 * holds hashes within {@link #RADIUS} of it; by the triangle inequality a query has to look only into crowds whose centre is
 * within the radius and the distance of the query, so it stays exact.
 */
final class PdqCrowds {

    /** In bits. With a distance of 31 a query looks into crowds within 95 bits; of random hashes 2 in 100,000 are as near as that. */
    private static final int RADIUS = 64;

    /** Hashes so near to each other belong together: of random ones, 1 pair in 10^12. */
    private static final int ALIKE = 72;

    /** Among so many hashes crowds are looked for, each compared with each: some 50 ms. */
    private static final int SAMPLE = 1 << 13;

    /** So many of the sample make a crowd. */
    private static final int FEWEST = 4;

    /** A query is compared with every centre: some microseconds. */
    private static final int MOST = 1 << 10;

    private static final int WORDS = 4;

    private final int reach;
    private final List<Crowd> crowds = new ArrayList<>();
    /** Side by side, since every query is compared with all of them. */
    private long[] centres = new long[WORDS];

    /** @param distance in bits; what differs by this much or less is found */
    PdqCrowds(int distance) {
        this.reach = RADIUS + distance;
    }

    private static final class Crowd {
        private long[] hashes = new long[WORDS * 16];
        private int[] owners = new int[16];
        private int size;

        void add(long[] words, int base, int owner) {
            if (size == owners.length) {
                hashes = Arrays.copyOf(hashes, 2 * hashes.length);
                owners = Arrays.copyOf(owners, 2 * owners.length);
            }
            System.arraycopy(words, base, hashes, WORDS * size, WORDS);
            owners[size++] = owner;
        }
    }

    /** Stores the hash that begins at this word if it belongs to a crowd. */
    boolean take(long[] words, int base, int owner) {
        for (int i = 0; i < crowds.size(); i++) {
            if (distance(words, base, centres, WORDS * i) <= RADIUS) {
                crowds.get(i).add(words, base, owner);
                return true;
            }
        }
        return false;
    }

    /** Shows the visitor what is within the distance, and returns whether it has seen enough. */
    boolean near(long[] pdq, int distance, PdqIndex.Visitor visitor) {
        for (int i = 0; i < crowds.size(); i++) {
            if (distance(pdq, 0, centres, WORDS * i) <= reach) {
                Crowd crowd = crowds.get(i);
                for (int member = 0; member < crowd.size; member++) {
                    int bits = distance(pdq, 0, crowd.hashes, WORDS * member);
                    if (bits <= distance && visitor.met(crowd.owners[member], bits)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Shows every stored hash, as the words from a place of an array on. */
    void forEach(Stored stored) {
        for (Crowd crowd : crowds) {
            for (int member = 0; member < crowd.size; member++) {
                stored.hash(crowd.hashes, WORDS * member, crowd.owners[member]);
            }
        }
    }

    /** What to do with a stored hash. */
    interface Stored {
        void hash(long[] words, int base, int owner);
    }

    /**
     * Opens a crowd, empty at first, wherever some of these hashes are close together.
     *
     * @param hashes side by side
     * @param size how many
     */
    void open(long[] hashes, int size) {
        int count = Math.min(size, SAMPLE);
        long[] sample = new long[WORDS * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(hashes, WORDS * (int) ((long) i * size / count), sample, WORDS * i, WORDS);
        }
        boolean[] covered = new boolean[count];
        int[] alike = new int[count];
        for (int seed = 0; seed < count && crowds.size() < MOST; seed++) {
            if (covered[seed]) {
                continue;
            }
            int found = 0;
            for (int other = 0; other < count; other++) {
                if (!covered[other] && distance(sample, WORDS * seed, sample, WORDS * other) <= ALIKE) {
                    alike[found++] = other;
                }
            }
            if (found >= FEWEST) {
                long[] centre = middle(sample, alike, found);
                int members = 0;
                for (int other = 0; other < count; other++) {
                    if (!covered[other] && distance(centre, 0, sample, WORDS * other) <= RADIUS) {
                        covered[other] = true;
                        members++;
                    }
                }
                if (members >= FEWEST) {
                    open(centre);
                }
            }
        }
    }

    private void open(long[] centre) {
        int at = WORDS * crowds.size();
        if (at == centres.length) {
            centres = Arrays.copyOf(centres, 2 * centres.length);
        }
        System.arraycopy(centre, 0, centres, at, WORDS);
        crowds.add(new Crowd());
    }

    /** Each bit as most have it. */
    private static long[] middle(long[] sample, int[] chosen, int count) {
        long[] middle = new long[WORDS];
        for (int bit = 0; bit < WORDS * Long.SIZE; bit++) {
            int ones = 0;
            for (int i = 0; i < count; i++) {
                ones += (int) (sample[WORDS * chosen[i] + bit / Long.SIZE] >>> bit) & 1;
            }
            if (2 * ones > count) {
                middle[bit / Long.SIZE] |= 1L << bit;
            }
        }
        return middle;
    }

    private static int distance(long[] one, int at, long[] other, int from) {
        return Long.bitCount(one[at] ^ other[from])
                + Long.bitCount(one[at + 1] ^ other[from + 1])
                + Long.bitCount(one[at + 2] ^ other[from + 2])
                + Long.bitCount(one[at + 3] ^ other[from + 3]);
    }
}
