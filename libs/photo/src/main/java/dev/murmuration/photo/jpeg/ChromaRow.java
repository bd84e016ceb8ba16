package dev.murmuration.photo.jpeg;

/**
 * A row of chroma samples at the size of the luminance, interpolated as libjpeg-turbo does ("fancy upsampling"): of two samples the nearer
 * weighs three times the farther. All loops access every array at the same index, so that the compiler vectorises them.
 */
final class ChromaRow {

    private static final int MIN_WIDTH = 3; // of the samples; narrower ones are repeated

    private final SamplePlane plane;
    private final boolean isHalfAcross;
    private final boolean isHalfDown;
    private final int[] column;
    private final int[] left;
    private final int[] right;
    private final int[] even;
    private final int[] odd;

    ChromaRow(SamplePlane plane, boolean isHalfAcross, boolean isHalfDown) {
        this.plane = plane;
        this.isHalfAcross = isHalfAcross;
        this.isHalfDown = isHalfDown;
        this.column = new int[plane.width];
        this.left = new int[plane.width];
        this.right = new int[plane.width];
        this.even = new int[plane.width];
        this.odd = new int[plane.width];
    }

    /** Computes a row of the picture. */
    void compute(int y) {
        int[] near = isHalfDown ? plane.nearest(y / 2) : plane.even(y);
        int[] far = isHalfDown ? plane.nearest(y / 2 + 2 * (y & 1) - 1) : near;
        int width = plane.width;
        if (isHalfAcross && width < MIN_WIDTH) {
            System.arraycopy(near, 0, even, 0, width);
            System.arraycopy(near, 0, odd, 0, width);
        } else if (!isHalfAcross && isHalfDown) {
            add(near, far, even, 1 + (y & 1), 2, width);
        } else if (!isHalfAcross) {
            System.arraycopy(near, 0, even, 0, width);
        } else if (isHalfDown) {
            add(near, far, column, 0, 0, width);
            across(8, 7, 4);
        } else {
            System.arraycopy(near, 0, column, 0, width);
            across(1, 2, 2);
        }
    }

    private static void add(int[] near, int[] far, int[] sums, int round, int shift, int width) {
        for (int i = 0; i < width; i++) {
            sums[i] = (3 * near[i] + far[i] + round) >> shift;
        }
    }

    private void across(int roundEven, int roundOdd, int shift) {
        int last = column.length - 1;
        left[0] = column[0];
        System.arraycopy(column, 0, left, 1, last);
        System.arraycopy(column, 1, right, 0, last);
        right[last] = column[last];
        add(column, left, even, roundEven, shift, column.length);
        add(column, right, odd, roundOdd, shift, column.length);
    }

    /** Returns the computed row, or its even columns. */
    int[] even() {
        return even;
    }

    /** Returns the odd columns of the computed row. */
    int[] odd() {
        return odd;
    }
}
