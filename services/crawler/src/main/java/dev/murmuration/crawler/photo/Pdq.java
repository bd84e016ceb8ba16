package dev.murmuration.crawler.photo;

import java.util.Arrays;

/**
 * The perceptual hash PDQ of ThreatExchange ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook
 * 2019): luminance, two passes of a box filter in both directions, 64x64 samples, 16x16 lowest non-constant cosine coefficients,
 * one bit for each that is above their median.
 *
 * @param hash 32 bytes in the order of the reference's hexadecimal form
 * @param quality 0 to 100, how much gradient there was to hash
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Pdq(byte[] hash, int quality) {

    private static final int BLOCK = 64;
    private static final int COEFFICIENTS = 16;
    private static final float[][] DCT = dct();

    /** The hash of this luminance. */
    static Pdq of(Luma luma) {
        float[][] block = block(luma);
        return new Pdq(bits(coefficients(block)), quality(block));
    }

    // The filter is the same for every row and column, and only 64 x 64 of its results are used: so each
    // is a sum of few weighted neighbours,
    // first along the rows, then along the columns of what is left, (height, width) to (height, 64) to (64, 64).
    private static float[][] block(Luma luma) {
        Taps across = Taps.of(luma.width());
        Taps down = Taps.of(luma.height());
        float[] row = new float[luma.width()];
        float[] sums = new float[BLOCK];
        float[][] block = new float[BLOCK][BLOCK];
        for (int y = 0; y < luma.height(); y++) {
            luma.row(y, row);
            across.apply(row, sums);
            for (int i = 0; i < BLOCK; i++) {
                float weight = down.weight(i, y);
                if (weight != 0) {
                    for (int j = 0; j < BLOCK; j++) {
                        block[i][j] += weight * sums[j];
                    }
                }
            }
        }
        return block;
    }

    /**
     * Two passes of the box filter along a line, at 64 places of it.
     *
     * @param first the first neighbour with a weight, for each place
     * @param weights of the neighbours from there on
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Taps(int[] first, float[][] weights) {

        static Taps of(int side) {
            // Half a block, because the two passes together cover a whole one; rounded up.
            int window = (side + 2 * BLOCK - 1) / (2 * BLOCK);
            int ahead = (window + 2) / 2 - 1;
            int behind = window - ahead - 1;
            int[] first = new int[BLOCK];
            float[][] weights = new float[BLOCK][];
            for (int i = 0; i < BLOCK; i++) {
                int place = (int) ((i + 0.5) * side / BLOCK);
                first[i] = Math.max(0, place - 2 * behind);
                weights[i] = new float[Math.min(side - 1, place + 2 * ahead) - first[i] + 1];
                int from = Math.max(0, place - behind);
                int to = Math.min(side - 1, place + ahead);
                for (int near = from; near <= to; near++) {
                    int nearFrom = Math.max(0, near - behind);
                    int nearTo = Math.min(side - 1, near + ahead);
                    for (int far = nearFrom; far <= nearTo; far++) {
                        weights[i][far - first[i]] += 1f / ((to - from + 1) * (nearTo - nearFrom + 1));
                    }
                }
            }
            return new Taps(first, weights);
        }

        void apply(float[] line, float[] into) {
            for (int i = 0; i < BLOCK; i++) {
                float[] weight = weights[i];
                int from = first[i];
                float sum = 0;
                for (int k = 0; k < weight.length; k++) {
                    sum += weight[k] * line[from + k];
                }
                into[i] = sum;
            }
        }

        float weight(int place, int neighbour) {
            int k = neighbour - first[place];
            return k >= 0 && k < weights[place].length ? weights[place][k] : 0;
        }
    }

    /** In how many of the 256 bits two hashes differ. */
    static int distance(byte[] a, byte[] b) {
        int bits = 0;
        for (int i = 0; i < a.length; i++) {
            bits += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
        }
        return bits;
    }

    private static int quality(float[][] block) {
        int gradients = 0;
        for (int i = 0; i < BLOCK; i++) {
            for (int j = 0; j < BLOCK; j++) {
                if (i + 1 < BLOCK) {
                    gradients += Math.abs((int) ((block[i][j] - block[i + 1][j]) * 100 / 255));
                }
                if (j + 1 < BLOCK) {
                    gradients += Math.abs((int) ((block[i][j] - block[i][j + 1]) * 100 / 255));
                }
            }
        }
        return Math.min(gradients / 90, 100);
    }

    // D A Dᵀ: (16, 64) (64, 64) (64, 16).
    private static float[] coefficients(float[][] block) {
        float[][] rows = new float[COEFFICIENTS][BLOCK];
        for (int i = 0; i < COEFFICIENTS; i++) {
            for (int k = 0; k < BLOCK; k++) {
                float weight = DCT[i][k];
                for (int j = 0; j < BLOCK; j++) {
                    rows[i][j] += weight * block[k][j];
                }
            }
        }
        float[] coefficients = new float[COEFFICIENTS * COEFFICIENTS];
        for (int i = 0; i < COEFFICIENTS; i++) {
            for (int j = 0; j < COEFFICIENTS; j++) {
                float sum = 0;
                for (int k = 0; k < BLOCK; k++) {
                    sum += rows[i][k] * DCT[j][k];
                }
                coefficients[i * COEFFICIENTS + j] = sum;
            }
        }
        return coefficients;
    }

    private static byte[] bits(float[] coefficients) {
        float[] sorted = coefficients.clone();
        Arrays.sort(sorted);
        // The lower of the two middle ones, as the reference's selection gives it.
        float median = sorted[sorted.length / 2 - 1];
        byte[] hash = new byte[coefficients.length / 8];
        for (int k = 0; k < coefficients.length; k++) {
            if (coefficients[k] > median) {
                // The reference prints its highest coefficient first.
                hash[hash.length - 1 - k / 8] |= (byte) (1 << k % 8);
            }
        }
        return hash;
    }

    private static float[][] dct() {
        float[][] matrix = new float[COEFFICIENTS][BLOCK];
        double scale = Math.sqrt(2.0 / BLOCK);
        for (int i = 0; i < COEFFICIENTS; i++) {
            for (int j = 0; j < BLOCK; j++) {
                matrix[i][j] = (float) (scale * Math.cos(Math.PI / 2 / BLOCK * (i + 1) * (2 * j + 1)));
            }
        }
        return matrix;
    }
}
