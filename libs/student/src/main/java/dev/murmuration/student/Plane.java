package dev.murmuration.student;

/**
 * One colour of a photo as a JPEG keeps it: brightness at full size, colours often at half. Not a record: arrays have no equality that one could mean.
 */
final class Plane {

    private final int width;
    private final int height;
    private final int stride;
    private final double across;
    private final double down;
    private final byte[] values;

    /**
     * Zeros, to be filled.
     *
     * @param width samples of a row that belong to the photo
     * @param height rows that belong to the photo
     * @param across width of the photo in this plane's samples: 341.5 for 683 pixels at half size, which take 342 samples
     * @param down height of the photo in this plane's samples
     * @param stride samples of a row with those that only fill its last block
     * @param rows with those that only fill the last block
     */
    Plane(int width, int height, double across, double down, int stride, int rows) {
        this.width = width;
        this.height = height;
        this.across = across;
        this.down = down;
        this.stride = stride;
        this.values = new byte[Math.multiplyExact(stride, rows)];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    double across() {
        return across;
    }

    double down() {
        return down;
    }

    int stride() {
        return stride;
    }

    /** Copies a row, values 0 to 255. */
    void read(int y, float[] row) {
        int from = y * stride;
        for (int x = 0; x < width; x++) {
            row[x] = values[from + x] & 0xff;
        }
    }

    /** Samples, row by row from the top left. */
    byte[] values() {
        return values;
    }
}
