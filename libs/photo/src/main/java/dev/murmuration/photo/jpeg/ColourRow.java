package dev.murmuration.photo.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Converts rows of luminance and chroma to red, green and blue (ITU-T T.871) with libjpeg's rounding. */
final class ColourRow {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BYTES = 3;

    private final int width;
    private final int[] even;
    private final int[] odd;
    private final int[] reds;
    private final int[] greens;
    private final int[] blues;
    private final byte[] rgb;

    ColourRow(int width) {
        this.width = width;
        this.even = new int[width];
        this.odd = new int[width];
        this.reds = new int[width];
        this.greens = new int[width];
        this.blues = new int[width];
        this.rgb = new byte[BYTES * width + Long.BYTES];
    }

    /** Returns (width, 3) and some bytes more. */
    byte[] gray(int[] luminance) {
        for (int x = 0; x < width; x++) {
            byte gray = (byte) luminance[x];
            rgb[BYTES * x] = gray;
            rgb[BYTES * x + 1] = gray;
            rgb[BYTES * x + 2] = gray;
        }
        return rgb;
    }

    /** Returns (width, 3) and some bytes more. */
    byte[] colours(int[] luminance, int[] blue, int[] red) {
        convert(luminance, blue, red, even, width);
        for (int x = 0; x < width; x++) {
            put(x, even[x]);
        }
        return rgb;
    }

    /** Returns (width, 3) and some bytes more, of even and odd columns. */
    byte[] colours(SamplePlane luminance, int y, ChromaRow blue, ChromaRow red) {
        int pairs = width / 2;
        convert(luminance.even(y), blue.even(), red.even(), even, width - pairs);
        convert(luminance.odd(y), blue.odd(), red.odd(), odd, pairs);
        for (int i = 0; i < pairs; i++) {
            LONG.set(rgb, 2 * BYTES * i, even[i] | ((long) odd[i] << 24));
        }
        if (width > 2 * pairs) {
            put(width - 1, even[pairs]);
        }
        return rgb;
    }

    private void put(int x, int pixel) {
        rgb[BYTES * x] = (byte) pixel;
        rgb[BYTES * x + 1] = (byte) (pixel >> 8);
        rgb[BYTES * x + 2] = (byte) (pixel >> 16);
    }

    // One colour at a time: HotSpot's compiler does not vectorise a loop that computes all.
    private void convert(int[] luminance, int[] blue, int[] red, int[] pixels, int pixelCount) {
        reds(luminance, red, reds, pixelCount);
        greens(luminance, blue, red, greens, pixelCount);
        blues(luminance, blue, blues, pixelCount);
        for (int i = 0; i < pixelCount; i++) {
            pixels[i] = reds[i] | (greens[i] << 8) | (blues[i] << 16);
        }
    }

    private static void reds(int[] luminance, int[] red, int[] reds, int pixelCount) {
        for (int i = 0; i < pixelCount; i++) {
            reds[i] = Math.max(0, Math.min(255, luminance[i] + ((91881 * (red[i] - 128) + 32768) >> 16)));
        }
    }

    private static void greens(int[] luminance, int[] blue, int[] red, int[] greens, int pixelCount) {
        for (int i = 0; i < pixelCount; i++) {
            int chroma = (32768 - 22554 * (blue[i] - 128) - 46802 * (red[i] - 128)) >> 16;
            greens[i] = Math.max(0, Math.min(255, luminance[i] + chroma));
        }
    }

    private static void blues(int[] luminance, int[] blue, int[] blues, int pixelCount) {
        for (int i = 0; i < pixelCount; i++) {
            blues[i] = Math.max(0, Math.min(255, luminance[i] + ((116130 * (blue[i] - 128) + 32768) >> 16)));
        }
    }
}
