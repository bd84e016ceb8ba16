package dev.murmuration.filter;

import java.util.Arrays;

/** Some neighbouring bits of all stored hashes: which hashes have which value there. */
final class PdqChunk {

    private static final int NOBODY = -1;
    private static final int GOLDEN = 0x9E3779B9;

    private final int from;
    private final int width;
    /** What a query's value is varied by: nothing, each bit, and with radius 2 each two bits. */
    private final int[] flips;
    /** One bit for each value: whether any hash has it. Small enough for the caches, and most values have none. */
    private final long[] taken;
    /** For each slot the newest hash whose value falls there. */
    private final int[] newest;

    private final int slotBits;

    private PdqChunk(int from, int width, int radius, int capacity) {
        this.from = from;
        this.width = width;
        this.flips = flips(width, radius);
        this.taken = new long[1 << (width - 6)];
        // Twice as many slots as hashes, whatever the width: hashes of other values in the same slot cost a comparison.
        this.slotBits = Math.min(width, 33 - Integer.numberOfLeadingZeros(capacity - 1));
        this.newest = new int[1 << slotBits];
        Arrays.fill(newest, NOBODY);
    }

    /** 16 chunks of 16 bits and radius 1: 272 look-ups a query. */
    static PdqChunk[] forFew(int capacity) {
        PdqChunk[] chunks = new PdqChunk[16];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new PdqChunk(16 * i, 16, 1, capacity);
        }
        return chunks;
    }

    /**
     * Ten chunks of radius 2, two of 24 and eight of 23 bits, and one of 24 bits and radius 1: 2,840 look-ups a query, nearly all of which end at a bit that is
     * not set.
     */
    static PdqChunk[] forMany(int capacity) {
        PdqChunk[] chunks = new PdqChunk[11];
        int from = 0;
        for (int i = 0; i < chunks.length; i++) {
            int width = i < 2 || i == 10 ? 24 : 23;
            chunks[i] = new PdqChunk(from, width, i < 10 ? 2 : 1, capacity);
            from += width;
        }
        return chunks;
    }

    private static int[] flips(int width, int radius) {
        int[] flips = new int[1 + width + (radius == 2 ? width * (width - 1) / 2 : 0)];
        int count = 1;
        for (int i = 0; i < width; i++) {
            flips[count++] = 1 << i;
            for (int j = 0; radius == 2 && j < i; j++) {
                flips[count++] = (1 << i) | (1 << j);
            }
        }
        return flips;
    }

    /** How many values a query looks up here. */
    int lookups() {
        return flips.length;
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

    /** Makes a hash the newest of its slot, and returns the one that was; negative if there was none. */
    int add(int value, int entry) {
        taken[value >> 6] |= 1L << value;
        int slot = slot(value);
        int before = newest[slot];
        newest[slot] = entry;
        return before;
    }

    /**
     * Puts the newest hash of every slot that may hold one near this value into {@code heads}, and returns how many. In two passes without a branch, so that the
     * processor waits for many places of the memory at once.
     */
    int heads(int value, int[] heads) {
        int found = 0;
        for (int flip : flips) {
            int other = value ^ flip;
            heads[found] = other;
            found += ((int) (taken[other >> 6] >>> other)) & 1;
        }
        for (int i = 0; i < found; i++) {
            heads[i] = newest[slot(heads[i])];
        }
        return found;
    }

    private int slot(int value) {
        return slotBits == width ? value : (value * GOLDEN) >>> (Integer.SIZE - slotBits);
    }
}
