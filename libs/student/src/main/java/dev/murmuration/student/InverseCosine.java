package dev.murmuration.student;

/** The inverse discrete cosine transform of 8 by 8 coefficients (Loeffler, Ligtenberg and Moschytz, ICASSP 1989), in whole numbers. */
final class InverseCosine {

    private static final int BITS = 13;
    private static final int KEPT = 2;
    private static final int CENTRE = 128;

    private static final int C_0_298 = fixed(.298631336);
    private static final int C_0_390 = fixed(.390180644);
    private static final int C_0_541 = fixed(.541196100);
    private static final int C_0_765 = fixed(.765366865);
    private static final int C_0_899 = fixed(.899976223);
    private static final int C_1_175 = fixed(1.175875602);
    private static final int C_1_501 = fixed(1.501321110);
    private static final int C_1_847 = fixed(1.847759065);
    private static final int C_1_961 = fixed(1.961570560);
    private static final int C_2_053 = fixed(2.053119869);
    private static final int C_2_562 = fixed(2.562915447);
    private static final int C_3_072 = fixed(3.072711026);

    private InverseCosine() {}

    private static int fixed(double value) {
        return (int) Math.round(value * (1 << BITS));
    }

    /** A block that has its mean only. */
    static void flat(int coefficient, byte[] into, int corner, int stride) {
        byte value = sample((coefficient + 4) >> 3);
        for (int y = 0; y < 8; y++) {
            int at = corner + y * stride;
            for (int x = 0; x < 8; x++) {
                into[at + x] = value;
            }
        }
    }

    /**
     * Writes 8 by 8 samples.
     *
     * @param block (8, 8) coefficients, column by column, overwritten
     * @param scratch of 64
     * @param isSmooth whether only coefficients of the first 4 rows and columns are not zero, as of most blocks of most photos
     * @param corner where the first sample goes
     * @param stride from one row of samples to the next
     */
    static void transform(int[] block, int[] scratch, boolean isSmooth, byte[] into, int corner, int stride) {
        for (int x = 0; x < (isSmooth ? 4 : 8); x++) {
            if (isSmooth) {
                smoothLine(block, 8 * x, scratch, x, BITS - KEPT);
            } else {
                line(block, 8 * x, scratch, x, BITS - KEPT);
            }
        }
        for (int y = 0; y < 8; y++) {
            if (isSmooth) {
                smoothLine(scratch, 8 * y, block, y, BITS + KEPT + 3);
            } else {
                line(scratch, 8 * y, block, y, BITS + KEPT + 3);
            }
        }
        for (int y = 0; y < 8; y++) {
            int at = corner + y * stride;
            for (int x = 0; x < 8; x++) {
                into[at + x] = sample(block[8 * x + y]);
            }
        }
    }

    private static byte sample(int value) {
        return (byte) Math.max(0, Math.min(value + CENTRE, 255));
    }

    /** Transforms 8 numbers that lie together, and lays the results 8 apart: so rows become columns on the way. */
    private static void line(int[] in, int from, int[] out, int to, int shift) {
        int even2 = in[from + 2];
        int even6 = in[from + 6];
        int turned = (even2 + even6) * C_0_541;
        int lower = turned - even6 * C_1_847;
        int upper = turned + even2 * C_0_765;
        int sum = (in[from] + in[from + 4]) << BITS;
        int difference = (in[from] - in[from + 4]) << BITS;
        int e0 = sum + upper;
        int e3 = sum - upper;
        int e1 = difference + lower;
        int e2 = difference - lower;

        int odd1 = in[from + 1];
        int odd3 = in[from + 3];
        int odd5 = in[from + 5];
        int odd7 = in[from + 7];
        int all = (odd7 + odd3 + odd5 + odd1) * C_1_175;
        int outer = (odd7 + odd1) * -C_0_899;
        int inner = (odd5 + odd3) * -C_2_562;
        int first = (odd7 + odd3) * -C_1_961 + all;
        int second = (odd5 + odd1) * -C_0_390 + all;
        int o0 = odd7 * C_0_298 + outer + first;
        int o1 = odd5 * C_2_053 + inner + second;
        int o2 = odd3 * C_3_072 + inner + first;
        int o3 = odd1 * C_1_501 + outer + second;

        int half = 1 << (shift - 1);
        out[to] = (e0 + o3 + half) >> shift;
        out[to + 56] = (e0 - o3 + half) >> shift;
        out[to + 8] = (e1 + o2 + half) >> shift;
        out[to + 48] = (e1 - o2 + half) >> shift;
        out[to + 16] = (e2 + o1 + half) >> shift;
        out[to + 40] = (e2 - o1 + half) >> shift;
        out[to + 24] = (e3 + o0 + half) >> shift;
        out[to + 32] = (e3 - o0 + half) >> shift;
    }

    /** The same of a line whose last four coefficients are zero. */
    private static void smoothLine(int[] in, int from, int[] out, int to, int shift) {
        int even2 = in[from + 2];
        int lower = even2 * C_0_541;
        int upper = even2 * (C_0_541 + C_0_765);
        int sum = in[from] << BITS;
        int e0 = sum + upper;
        int e3 = sum - upper;
        int e1 = sum + lower;
        int e2 = sum - lower;

        int odd1 = in[from + 1];
        int odd3 = in[from + 3];
        int all = (odd3 + odd1) * C_1_175;
        int first = odd3 * -C_1_961 + all;
        int second = odd1 * -C_0_390 + all;
        int o0 = odd1 * -C_0_899 + first;
        int o1 = odd3 * -C_2_562 + second;
        int o2 = odd3 * (C_3_072 - C_2_562) + first;
        int o3 = odd1 * (C_1_501 - C_0_899) + second;

        int half = 1 << (shift - 1);
        out[to] = (e0 + o3 + half) >> shift;
        out[to + 56] = (e0 - o3 + half) >> shift;
        out[to + 8] = (e1 + o2 + half) >> shift;
        out[to + 48] = (e1 - o2 + half) >> shift;
        out[to + 16] = (e2 + o1 + half) >> shift;
        out[to + 40] = (e2 - o1 + half) >> shift;
        out[to + 24] = (e3 + o0 + half) >> shift;
        out[to + 32] = (e3 - o0 + half) >> shift;
    }
}
