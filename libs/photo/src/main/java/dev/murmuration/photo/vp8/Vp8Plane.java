package dev.murmuration.photo.vp8;

import java.util.Arrays;

/**
 * The luma or one chroma plane of a VP8 frame, in whole macroblocks, with the row above and the column to the left from which prediction
 * starts.
 */
final class Vp8Plane {

    private static final byte ABOVE = 127;
    private static final byte LEFT = (byte) 129;

    final byte[] samples;
    final int stride;

    /** Allocates a plane of this many rows and samples per row. */
    Vp8Plane(int width, int height) {
        this.stride = width + 1;
        this.samples = new byte[Math.multiplyExact(stride, height + 1)];
        for (int y = 1; y <= height; y++) {
            samples[y * stride] = LEFT;
        }
        Arrays.fill(samples, 0, stride, ABOVE);
    }

    int at(int x, int y) {
        return (y + 1) * stride + x + 1;
    }

    int get(int at) {
        return samples[at] & 0xff;
    }

    void set(int at, int value) {
        samples[at] = (byte) clamped(value);
    }

    static int clamped(int value) {
        return Math.max(0, Math.min(value, 255));
    }
}
