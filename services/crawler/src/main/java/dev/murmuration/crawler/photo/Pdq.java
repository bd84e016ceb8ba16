package dev.murmuration.crawler.photo;

import java.util.Arrays;

/**
 * The perceptual hash PDQ of ThreatExchange ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook 2019): luminance, two passes
 * of a box filter in both directions, 64x64 samples, 16x16 lowest non-constant cosine coefficients, one bit for each that is above their median.
 *
 * @param hash 32 bytes in the order of the reference's hexadecimal form
 * @param quality 0 to 100, how much gradient there was to hash
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Pdq(byte[] hash, int quality) {

    private static final int BLOCK = 64;
    private static final int COEFFICIENTS = 16;
    private static final int PASSES = 2;
    private static final float[][] DCT = dct();

    /** The hash of this luminance plane. */
    static Pdq of(Luma luma) {
        float[] plane = luma.values();
        float[] other = new float[plane.length];
        int rowWindow = window(luma.width());
        int columnWindow = window(luma.height());
        for (int pass = 0; pass < PASSES; pass++) {
            boxRows(plane, other, luma.width(), luma.height(), rowWindow);
            boxColumns(other, plane, luma.width(), luma.height(), columnWindow);
        }
        float[][] block = decimate(plane, luma.width(), luma.height());
        return new Pdq(bits(coefficients(block)), quality(block));
    }

    /** In how many of the 256 bits two hashes differ. */
    static int distance(byte[] a, byte[] b) {
        int bits = 0;
        for (int i = 0; i < a.length; i++) {
            bits += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
        }
        return bits;
    }

    // Half a block, because the two passes together reach over a whole one; rounded up.
    private static int window(int side) {
        return (side + 2 * BLOCK - 1) / (2 * BLOCK);
    }

    private static void boxRows(float[] in, float[] out, int width, int height, int window) {
        int ahead = (window + 2) / 2 - 1;
        int behind = window - ahead - 1;
        for (int y = 0; y < height; y++) {
            int row = y * width;
            float sum = 0;
            for (int x = 0; x < Math.min(ahead, width); x++) {
                sum += in[row + x];
            }
            for (int x = 0; x < width; x++) {
                if (x + ahead < width) {
                    sum += in[row + x + ahead];
                }
                if (x - behind - 1 >= 0) {
                    sum -= in[row + x - behind - 1];
                }
                out[row + x] = sum / (Math.min(x + ahead, width - 1) - Math.max(x - behind, 0) + 1);
            }
        }
    }

    // The same along columns, all columns of a row at once, so that memory is read in its order.
    private static void boxColumns(float[] in, float[] out, int width, int height, int window) {
        int ahead = (window + 2) / 2 - 1;
        int behind = window - ahead - 1;
        float[] sums = new float[width];
        for (int y = 0; y < Math.min(ahead, height); y++) {
            add(sums, in, y * width);
        }
        for (int y = 0; y < height; y++) {
            if (y + ahead < height) {
                add(sums, in, (y + ahead) * width);
            }
            if (y - behind - 1 >= 0) {
                subtract(sums, in, (y - behind - 1) * width);
            }
            float count = Math.min(y + ahead, height - 1) - Math.max(y - behind, 0) + 1;
            int row = y * width;
            for (int x = 0; x < width; x++) {
                out[row + x] = sums[x] / count;
            }
        }
    }

    private static void add(float[] sums, float[] in, int row) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += in[row + x];
        }
    }

    private static void subtract(float[] sums, float[] in, int row) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] -= in[row + x];
        }
    }

    private static float[][] decimate(float[] plane, int width, int height) {
        float[][] block = new float[BLOCK][BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int y = (int) ((i + 0.5) * height / BLOCK);
            for (int j = 0; j < BLOCK; j++) {
                block[i][j] = plane[y * width + (int) ((j + 0.5) * width / BLOCK)];
            }
        }
        return block;
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
