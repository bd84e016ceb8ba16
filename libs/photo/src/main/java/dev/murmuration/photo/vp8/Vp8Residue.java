package dev.murmuration.photo.vp8;

import java.util.Arrays;

/** Reads the coefficients of macroblocks (RFC 6386, section 13) and remembers which neighbours had any. */
final class Vp8Residue {

    private static final int WITHOUT_MEANS = 0;
    private static final int MEANS = 1;
    private static final int COLOURS = 2;
    private static final int WHOLE = 3;
    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    private static final int[][] EXTRA_BITS = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    /** Dequantisation factors of the first coefficient and of the others. */
    record Steps(int first, int others) {}

    /** The dequantisation factors of a segment. */
    record Quantisation(Steps brightness, Steps means, Steps colours) {}

    /** (25, 16): sixteen blocks of luma, four of each chroma plane. */
    final short[] coefficients = new short[25 * 16];

    private final int[] probabilities;
    private final short[] means = new short[16];
    // Per macroblock column: four blocks of luma, two of each chroma plane and one of means.
    private final boolean[] above;
    private final boolean[] left = new boolean[9];

    Vp8Residue(int[] probabilities, int columns) {
        this.probabilities = probabilities;
        this.above = new boolean[9 * columns];
    }

    void startRow() {
        Arrays.fill(left, false);
    }

    /** Skips a macroblock without coefficients. */
    void skip(int column, boolean hasMeans) {
        Arrays.fill(above, 9 * column, 9 * column + 8, false);
        Arrays.fill(left, 0, 8, false);
        if (hasMeans) {
            above[9 * column + 8] = false;
            left[8] = false;
        }
    }

    /**
     * Reads a macroblock.
     *
     * @return whether any coefficient is not zero
     */
    boolean read(BoolDecoder bits, int column, boolean hasMeans, Quantisation steps) {
        Arrays.fill(coefficients, (short) 0);
        int from = 9 * column;
        if (hasMeans) {
            Arrays.fill(means, (short) 0);
            int length = block(bits, MEANS, context(from + 8, 8), 0, steps.means(), means, 0);
            above[from + 8] = length > 0;
            left[8] = length > 0;
            Vp8Transform.spread(means, coefficients);
        }
        boolean any = false;
        int first = hasMeans ? 1 : 0;
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                int to = 16 * (4 * y + x);
                int kind = hasMeans ? WITHOUT_MEANS : WHOLE;
                int length = block(bits, kind, context(from + x, y), first, steps.brightness(), coefficients, to);
                above[from + x] = length > first;
                left[y] = length > first;
                any |= length > 1 || coefficients[to] != 0;
            }
        }
        for (int colour = 0; colour < 2; colour++) {
            for (int y = 0; y < 2; y++) {
                for (int x = 0; x < 2; x++) {
                    int to = 16 * (16 + 4 * colour + 2 * y + x);
                    int atX = from + 4 + 2 * colour + x;
                    int atY = 4 + 2 * colour + y;
                    int length = block(bits, COLOURS, context(atX, atY), 0, steps.colours(), coefficients, to);
                    above[atX] = length > 0;
                    left[atY] = length > 0;
                    any |= length > 1 || coefficients[to] != 0;
                }
            }
        }
        return any;
    }

    private int context(int atAbove, int atLeft) {
        return (above[atAbove] ? 1 : 0) + (left[atLeft] ? 1 : 0);
    }

    // Returns the number of coefficients read, counting those before the first one.
    private int block(BoolDecoder bits, int kind, int context, int first, Steps steps, short[] into, int to) {
        int n = first;
        int p = place(kind, n, context);
        while (n < 16) {
            if (bits.bit(probabilities[p]) == 0) {
                return n;
            }
            while (bits.bit(probabilities[p + 1]) == 0) {
                n++;
                if (n == 16) {
                    return 16;
                }
                p = place(kind, n, 0);
            }
            int value = 1;
            if (bits.bit(probabilities[p + 2]) == 1) {
                value = large(bits, p);
            }
            into[to + ZIGZAG[n]] = (short) ((bits.flag() ? -value : value) * (n == 0 ? steps.first() : steps.others()));
            n++;
            p = place(kind, n, value == 1 ? 1 : 2);
        }
        return 16;
    }

    private static int place(int kind, int n, int context) {
        return ((kind * Vp8Probabilities.BANDS + BANDS[n]) * Vp8Probabilities.CONTEXTS + context)
                * Vp8Probabilities.TOKENS;
    }

    private int large(BoolDecoder bits, int p) {
        if (bits.bit(probabilities[p + 3]) == 0) {
            return bits.bit(probabilities[p + 4]) == 0 ? 2 : 3 + bits.bit(probabilities[p + 5]);
        }
        if (bits.bit(probabilities[p + 6]) == 0) {
            if (bits.bit(probabilities[p + 7]) == 0) {
                return 5 + bits.bit(159);
            }
            int high = bits.bit(165);
            return 7 + 2 * high + bits.bit(145);
        }
        int upper = bits.bit(probabilities[p + 8]);
        int category = 2 * upper + bits.bit(probabilities[p + 9 + upper]);
        int extra = 0;
        for (int probability : EXTRA_BITS[category]) {
            extra = (extra << 1) | bits.bit(probability);
        }
        return extra + 3 + (8 << category);
    }
}
