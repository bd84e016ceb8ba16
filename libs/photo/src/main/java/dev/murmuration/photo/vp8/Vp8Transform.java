package dev.murmuration.photo.vp8;

/** The inverse transforms of VP8 (RFC 6386, section 14), in integer arithmetic. */
final class Vp8Transform {

    private static final int SQRT_2_COS = 20091;
    private static final int SQRT_2_SIN = 35468;

    private Vp8Transform() {}

    /** Spreads the sixteen means of a macroblock's blocks over their first coefficients, 16 apart. */
    static void spread(short[] means, short[] coefficients) {
        int[] half = new int[16];
        for (int i = 0; i < 4; i++) {
            int outer = means[i] + means[12 + i];
            int inner = means[4 + i] + means[8 + i];
            int innerLess = means[4 + i] - means[8 + i];
            int outerLess = means[i] - means[12 + i];
            half[i] = outer + inner;
            half[4 + i] = outerLess + innerLess;
            half[8 + i] = outer - inner;
            half[12 + i] = outerLess - innerLess;
        }
        for (int i = 0; i < 4; i++) {
            int first = half[4 * i] + 3;
            int outer = first + half[4 * i + 3];
            int inner = half[4 * i + 1] + half[4 * i + 2];
            int innerLess = half[4 * i + 1] - half[4 * i + 2];
            int outerLess = first - half[4 * i + 3];
            coefficients[64 * i] = (short) ((outer + inner) >> 3);
            coefficients[64 * i + 16] = (short) ((outerLess + innerLess) >> 3);
            coefficients[64 * i + 32] = (short) ((outer - inner) >> 3);
            coefficients[64 * i + 48] = (short) ((outerLess - innerLess) >> 3);
        }
    }

    /** Adds a block's residue to its prediction. */
    static void add(short[] in, int from, Vp8Plane plane, int at, int[] half) {
        for (int i = 0; i < 4; i++) {
            int even = in[from + i] + in[from + 8 + i];
            int odd = in[from + i] - in[from + 8 + i];
            int less = sin(in[from + 4 + i]) - cos(in[from + 12 + i]);
            int more = cos(in[from + 4 + i]) + sin(in[from + 12 + i]);
            half[4 * i] = even + more;
            half[4 * i + 1] = odd + less;
            half[4 * i + 2] = odd - less;
            half[4 * i + 3] = even - more;
        }
        for (int y = 0; y < 4; y++) {
            int first = half[y] + 4;
            int even = first + half[8 + y];
            int odd = first - half[8 + y];
            int less = sin(half[4 + y]) - cos(half[12 + y]);
            int more = cos(half[4 + y]) + sin(half[12 + y]);
            int row = at + y * plane.stride;
            plane.set(row, plane.get(row) + ((even + more) >> 3));
            plane.set(row + 1, plane.get(row + 1) + ((odd + less) >> 3));
            plane.set(row + 2, plane.get(row + 2) + ((odd - less) >> 3));
            plane.set(row + 3, plane.get(row + 3) + ((even - more) >> 3));
        }
    }

    private static int cos(int value) {
        return ((value * SQRT_2_COS) >> 16) + value;
    }

    private static int sin(int value) {
        return (value * SQRT_2_SIN) >> 16;
    }
}
