package dev.murmuration.filter;

import java.util.Arrays;

/** Some neighbouring bits of all stored hashes: which hashes have which value there. */
final class PdqChunk {

    private static final int NOBODY = -1;

    private final int from;
    private final int width;
    private final int radius;
    /** One bit for each value: whether any hash has it. Small enough for the caches, and most values have none. */
    private final long[] taken;
    /** For each value the newest hash that has it. */
    private final int[] newest;
    /** For each hash the one before it with the same value. */
    private int[] before;

    private PdqChunk(int from, int width, int radius, int capacity) {
        this.from = from;
        this.width = width;
        this.radius = radius;
        this.taken = new long[1 << (width - 6)];
        this.newest = new int[1 << width];
        this.before = new int[capacity];
        Arrays.fill(newest, NOBODY);
    }

    /** 16 chunks of 16 bits and radius 1: 272 look-ups a query, in tables of 4 MiB. */
    static PdqChunk[] forFew(int capacity) {
        PdqChunk[] chunks = new PdqChunk[16];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new PdqChunk(16 * i, 16, 1, capacity);
        }
        return chunks;
    }

    /** 6 chunks of 22 bits and radius 2, 6 of 18 and one of 16 bits and radius 1: 1,655 look-ups a query, but a quarter of the hashes to compare. */
    static PdqChunk[] forMany(int capacity) {
        PdqChunk[] chunks = new PdqChunk[13];
        int from = 0;
        for (int i = 0; i < chunks.length; i++) {
            int width = i < 6 ? 22 : i < 12 ? 18 : 16;
            chunks[i] = new PdqChunk(from, width, i < 6 ? 2 : 1, capacity);
            from += width;
        }
        return chunks;
    }

    int width() {
        return width;
    }

    /** How many bits of a query's value are varied. */
    int radius() {
        return radius;
    }

    /** The chunk of the hash that begins at this word. */
    int value(long[] words, int base) {
        int word = base + from / Long.SIZE;
        int shift = from % Long.SIZE;
        long bits = words[word] >>> shift;
        if (shift + width > Long.SIZE) {
            bits |= words[word + 1] << (Long.SIZE - shift);
        }
        return (int) bits & ((1 << width) - 1);
    }

    void grow(int capacity) {
        before = Arrays.copyOf(before, capacity);
    }

    void add(int value, int entry) {
        taken[value >> 6] |= 1L << value;
        before[entry] = newest[value];
        newest[value] = entry;
    }

    /** The newest hash with this value; negative if there is none. */
    int newest(int value) {
        return (taken[value >> 6] & (1L << value)) == 0 ? NOBODY : newest[value];
    }

    /** The hash before this one with the same value; negative if there is none. */
    int before(int entry) {
        return before[entry];
    }
}
