package dev.murmuration.photo.jpeg;

/**
 * The newest rows of a component's samples. Those of even and of odd columns may be apart, so that each of two columns can be computed
 * from the same chroma sample in a loop of its own.
 */
final class SamplePlane {

    private static final int SIDE = 8;

    /** Number of samples that are in the picture. */
    final int width;

    /** Number of rows that are in the picture. */
    final int height;

    private final boolean isApart;
    private final int[][] even;
    private final int[][] odd;

    /**
     * Creates a plane.
     *
     * @param blocks blocks in a row of them
     * @param kept number of rows that are kept
     * @param isApart whether even and odd columns are
     */
    SamplePlane(int width, int height, int blocks, int kept, boolean isApart) {
        this.width = width;
        this.height = height;
        this.isApart = isApart;
        this.even = new int[kept][isApart ? SIDE / 2 * blocks : SIDE * blocks];
        this.odd = new int[isApart ? kept : 0][SIDE / 2 * blocks];
    }

    /**
     * Adds eight rows.
     *
     * @param top number of the first of them
     * @param samples (64, at least from + blocks)
     */
    void add(int top, int[][] samples, int from, int blocks) {
        for (int y = 0; y < SIDE; y++) {
            int kept = (top + y) % even.length;
            int x = SIDE * y;
            if (isApart) {
                interleave(samples[x], samples[x + 2], samples[x + 4], samples[x + 6], from, blocks, even[kept]);
                interleave(samples[x + 1], samples[x + 3], samples[x + 5], samples[x + 7], from, blocks, odd[kept]);
            } else {
                int[] row = even[kept];
                for (int column = 0; column < SIDE; column++) {
                    int[] source = samples[x + column];
                    for (int block = 0, to = column; block < blocks; block++, to += SIDE) {
                        row[to] = source[from + block];
                    }
                }
            }
        }
    }

    private static void interleave(int[] a, int[] b, int[] c, int[] d, int from, int blocks, int[] row) {
        for (int block = 0; block < blocks; block++) {
            row[4 * block] = a[from + block];
            row[4 * block + 1] = b[from + block];
            row[4 * block + 2] = c[from + block];
            row[4 * block + 3] = d[from + block];
        }
    }

    /** Returns the samples of a row, or those of its even columns. */
    int[] even(int y) {
        return even[y % even.length];
    }

    /** Returns the samples of a row's odd columns. */
    int[] odd(int y) {
        return odd[y % odd.length];
    }

    /** Returns the samples of the nearest row in the picture. */
    int[] nearest(int y) {
        return even(Math.clamp(y, 0, height - 1));
    }
}
