package dev.murmuration.student;

/**
 * Converts position embeddings to another resolution: the grid is an image with as many colours as a token has values, resized by
 * bicubic interpolation.
 */
final class Positions {

    // Keys (1981), with the parameter of PyTorch and transformers.
    private static final double A = -.75;
    private static final int TAPS = 4;

    private Positions() {}

    /**
     * Resizes a table of positions.
     *
     * @param table the class token's and then those of the grid row by row, (1 + from * from, dim)
     * @param from patches along a side
     * @param to patches along a side of the result, (1 + to * to, dim)
     */
    static float[] fit(float[] table, int dim, int from, int to) {
        if (from == to) {
            return table.clone();
        }
        float[] fitted = new float[(1 + to * to) * dim];
        System.arraycopy(table, 0, fitted, 0, dim);
        double scale = (double) from / to;
        for (int y = 0; y < to; y++) {
            double[] rows = weights((y + .5) * scale - .5);
            int top = (int) Math.floor((y + .5) * scale - .5) - 1;
            for (int x = 0; x < to; x++) {
                double[] columns = weights((x + .5) * scale - .5);
                int left = (int) Math.floor((x + .5) * scale - .5) - 1;
                for (int i = 0; i < TAPS; i++) {
                    int row = Math.clamp(top + i, 0, from - 1);
                    for (int k = 0; k < TAPS; k++) {
                        int at = (1 + row * from + Math.clamp(left + k, 0, from - 1)) * dim;
                        float weight = (float) (rows[i] * columns[k]);
                        for (int d = 0; d < dim; d++) {
                            fitted[(1 + y * to + x) * dim + d] += weight * table[at + d];
                        }
                    }
                }
            }
        }
        return fitted;
    }

    private static double[] weights(double position) {
        double t = position - Math.floor(position);
        return new double[] {far(t + 1), near(t), near(1 - t), far(2 - t)};
    }

    private static double near(double x) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    private static double far(double x) {
        return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
}
