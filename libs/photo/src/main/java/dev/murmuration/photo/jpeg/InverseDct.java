package dev.murmuration.photo.jpeg;

/**
 * The inverse cosine transform of 8 x 8 blocks in integers, as libjpeg's "islow" (Loeffler, Ligtenberg and Moschytz, ICASSP 1989) and to
 * the same bit. The same coefficient of all blocks is one array, and each step is a loop over blocks. HotSpot's compiler vectorises such a
 * loop if it is short and accesses every array at the same index, hence the many loops.
 */
final class InverseDct {

    private static final int SIDE = 8;
    private static final int FRACTION = 13;
    private static final int BETWEEN = 2; // fractional bits kept between the passes
    private static final int FIRST = FRACTION - BETWEEN;
    private static final int SECOND = FRACTION + BETWEEN + 3;
    private static final int ROUND = 1 << (FIRST - 1);
    private static final int CENTRE = (128 << SECOND) + (1 << (SECOND - 1));

    private final int blocks;
    private int[] spare;
    private int[] spare2;

    InverseDct(int blocks) {
        this.blocks = blocks;
        this.spare = new int[blocks];
        this.spare2 = new int[blocks];
    }

    /**
     * Replaces coefficients by samples from 0 to 255.
     *
     * @param values (64, blocks), row by row; its arrays are exchanged
     */
    void apply(int[][] values) {
        for (int x = 0; x < SIDE; x++) {
            transform(values, x, SIDE, ROUND);
            for (int y = 0; y < SIDE / 2; y++) {
                finish(values[x + SIDE * y], values[x + SIDE * (SIDE - 1 - y)], blocks);
            }
        }
        for (int y = 0; y < SIDE; y++) {
            transform(values, SIDE * y, 1, CENTRE);
            for (int x = 0; x < SIDE / 2; x++) {
                finishAsSamples(values[SIDE * y + x], values[SIDE * y + SIDE - 1 - x], blocks);
            }
        }
    }

    /** One dimension but for its last step: values k and 7 - k hold what is to be added and subtracted to become outputs k and 7 - k. */
    private void transform(int[][] values, int from, int step, int round) {
        int[] a0 = values[from];
        int[] a1 = values[from + step];
        int[] a2 = values[from + 2 * step];
        int[] a3 = values[from + 3 * step];
        int[] a4 = values[from + 4 * step];
        int[] a5 = values[from + 5 * step];
        int[] a6 = values[from + 6 * step];
        int[] a7 = values[from + 7 * step];
        int[] sums = spare;
        int[] differences = spare2;
        addScaled(a0, a4, sums, round, blocks);
        subtractScaled(a0, a4, differences, round, blocks);
        rotate(a2, a6, blocks);
        butterfly(sums, a6, blocks);
        butterfly(differences, a2, blocks);
        odd(a1, a3, a5, a7, blocks);
        spare = a0;
        spare2 = a4;
        values[from] = sums;
        values[from + step] = differences;
        values[from + 2 * step] = a2;
        values[from + 3 * step] = a6;
        values[from + 4 * step] = a7;
        values[from + 5 * step] = a5;
        values[from + 6 * step] = a3;
        values[from + 7 * step] = a1;
    }

    private static void addScaled(int[] a, int[] b, int[] sums, int round, int blocks) {
        for (int i = 0; i < blocks; i++) {
            sums[i] = ((a[i] + b[i]) << FRACTION) + round;
        }
    }

    private static void subtractScaled(int[] a, int[] b, int[] differences, int round, int blocks) {
        for (int i = 0; i < blocks; i++) {
            differences[i] = ((a[i] - b[i]) << FRACTION) + round;
        }
    }

    private static void rotate(int[] a2, int[] a6, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int both = 4433 * (a2[i] + a6[i]);
            int difference = both - 15137 * a6[i];
            a6[i] = both + 6270 * a2[i];
            a2[i] = difference;
        }
    }

    private static void butterfly(int[] a, int[] b, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int sum = a[i] + b[i];
            b[i] = a[i] - b[i];
            a[i] = sum;
        }
    }

    private static void odd(int[] a1, int[] a3, int[] a5, int[] a7, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int all = 9633 * (a7[i] + a3[i] + a5[i] + a1[i]);
            int z1 = -7373 * (a7[i] + a1[i]);
            int z2 = -20995 * (a5[i] + a3[i]);
            int z3 = all - 16069 * (a7[i] + a3[i]);
            int z4 = all - 3196 * (a5[i] + a1[i]);
            a1[i] = 12299 * a1[i] + z1 + z4;
            a3[i] = 25172 * a3[i] + z2 + z3;
            a5[i] = 16819 * a5[i] + z2 + z4;
            a7[i] = 2446 * a7[i] + z1 + z3;
        }
    }

    private static void finish(int[] even, int[] odd, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int sum = (even[i] + odd[i]) >> FIRST;
            odd[i] = (even[i] - odd[i]) >> FIRST;
            even[i] = sum;
        }
    }

    private static void finishAsSamples(int[] even, int[] odd, int blocks) {
        for (int i = 0; i < blocks; i++) {
            int sum = Math.max(0, Math.min(255, (even[i] + odd[i]) >> SECOND));
            odd[i] = Math.max(0, Math.min(255, (even[i] - odd[i]) >> SECOND));
            even[i] = sum;
        }
    }
}
