package dev.murmuration.filter.duplicate;

import java.util.Arrays;

/**
 * For each value of each chunk the hashes that have it, with the 32 bits that follow the chunk. All lie in one array of numbers:
 * nothing for the garbage collector to follow, and what a query reads of a bucket lies side by side.
 */
final class PdqBuckets {

    private static final int[] ROOMS = rooms();
    private static final int HEAD = 2;
    /** In this distance from its beginning the second cache line of a bucket begins. */
    private static final int LINE = 16;

    /** Where each bucket begins in the pool; the empty one lies at 0. */
    private final int[] begins;
    /**
     * A bucket: how many hashes, the number of its room, then as many places as the room has for what follows the chunk, then as
     * many for the numbers of the hashes.
     */
    private int[] pool = new int[1 << 16];

    private int end;
    /** For each room the first pool's place that was left for a larger room; there the next one stands. */
    private final int[] left = new int[ROOMS.length];

    /** @param count of buckets, all empty */
    PdqBuckets(int count) {
        begins = new int[count];
        clear();
    }

    /** How many hashes fit: half as many again each time. */
    private static int[] rooms() {
        int[] rooms = new int[48];
        rooms[0] = 2;
        for (int i = 1; i < rooms.length; i++) {
            rooms[i] = rooms[i - 1] + rooms[i - 1] / 2 + 1;
        }
        return rooms;
    }

    /** What to do with the number of a hash. */
    interface Visitor {
        /** Whether the search is over. */
        boolean met(int hash);
    }

    /** Empties every bucket. */
    void clear() {
        Arrays.fill(begins, 0);
        Arrays.fill(left, 0);
        pool[0] = 0;
        end = HEAD;
    }

    /** Adds a hash to a bucket. */
    void add(int bucket, int following, int hash) {
        int at = begins[bucket];
        int count = pool[at];
        if (at == 0 || count == ROOMS[pool[at + 1]]) {
            at = moved(at, count);
            begins[bucket] = at;
        }
        pool[at] = count + 1;
        pool[at + HEAD + count] = following;
        pool[at + HEAD + ROOMS[pool[at + 1]] + count] = hash;
    }

    /** Moves a bucket to a larger room, and returns where it begins. */
    private int moved(int from, int count) {
        int number = from == 0 ? 0 : pool[from + 1] + 1;
        int to = place(number);
        pool[to] = count;
        pool[to + 1] = number;
        if (from != 0) {
            System.arraycopy(pool, from + HEAD, pool, to + HEAD, count);
            System.arraycopy(pool, from + HEAD + count, pool, to + HEAD + ROOMS[number], count);
            pool[from] = left[number - 1];
            left[number - 1] = from;
        }
        return to;
    }

    private int place(int number) {
        int to = left[number];
        if (to != 0) {
            left[number] = pool[to];
            return to;
        }
        to = end;
        end = Math.addExact(end, HEAD + 2 * ROOMS[number]);
        if (end > pool.length - LINE) {
            pool = Arrays.copyOf(pool, Math.addExact(end, end / 2) + LINE);
        }
        return to;
    }

    /**
     * Touches what {@link #look} will read: called for several buckets and then look for the first of them, so that the processor
     * waits for many places of the memory at once. Depends on nothing that is read but the beginning. Zero only if the bucket may
     * be passed over.
     */
    int readAhead(int bucket) {
        int at = begins[bucket];
        return pool[at] | (pool[at + LINE] & at);
    }

    /**
     * Shows the visitor the hashes of a bucket that differ in at most so many bits of what follows, until it has seen enough, and
     * returns whether it has.
     */
    boolean look(int bucket, int following, int most, Visitor visitor) {
        int at = begins[bucket];
        int behind = at + HEAD + pool[at];
        for (int i = at + HEAD; i < behind; i++) {
            if (Integer.bitCount(pool[i] ^ following) <= most && visitor.met(pool[i + ROOMS[pool[at + 1]]])) {
                return true;
            }
        }
        return false;
    }
}
