package dev.murmuration.student.pixels;

import dev.murmuration.photo.Photo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Pillow's antialiased bilinear resize: columns first, then rows, each result rounded to a byte. A pixel is one int, and the weighted mean
 * of several columns or rows is a loop over one colour that accesses every array at the same index, which HotSpot's compiler vectorises.
 */
final class PillowBilinear {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BYTES = 3;
    private static final int BLUE = 16;
    private static final int TILE = 8;

    /** Maximum number of rows that are narrowed together. */
    private static final int TOGETHER = 256;

    private PillowBilinear() {}

    /** Squashes a photo to {@code (side, side, 3)}. */
    static byte[] squash(Photo photo, int side) {
        int[][] narrow = narrow(photo, side);
        Tent[] rows = Tent.along(photo.height(), side);
        int[] line = new int[side];
        int[] sums = new int[side];
        byte[] rgb = new byte[BYTES * side * side];
        for (int y = 0, to = 0; y < side; y++) {
            mean(rows[y], narrow, line, sums, side);
            for (int x = 0; x < side; x++, to += BYTES) {
                rgb[to] = (byte) line[x];
                rgb[to + 1] = (byte) (line[x] >> 8);
                rgb[to + 2] = (byte) (line[x] >> BLUE);
            }
        }
        return rgb;
    }

    // (height, side)
    private static int[][] narrow(Photo photo, int side) {
        int height = photo.height();
        int parts = (height + TOGETHER - 1) / TOGETHER;
        int together = (height + parts - 1) / parts;
        Tent[] tents = Tent.along(photo.width(), side);
        int[][] columns = new int[photo.width()][together];
        int[][] means = new int[side][together];
        int[] sums = new int[together];
        int[][] narrow = new int[height][side];
        for (int top = 0; top < height; top += together) {
            int rows = Math.min(together, height - top);
            takeColumns(photo, top, rows, columns);
            for (int x = 0; x < side; x++) {
                mean(tents[x], columns, means[x], sums, rows);
            }
            transpose(means, rows, narrow, top);
        }
        return narrow;
    }

    private static void takeColumns(Photo photo, int top, int rows, int[][] columns) {
        byte[] rgb = photo.rgb();
        int width = photo.width();
        int tiled = (width - 1) / TILE * TILE; // An int may read one byte past its pixel, but not past the photo.
        for (int x = 0; x < tiled; x += TILE) {
            takeTile(rgb, BYTES * (top * width + x), BYTES * width, rows, columns, x);
        }
        for (int x = tiled; x < width; x++) {
            for (int y = 0, from = BYTES * (top * width + x); y < rows; y++, from += BYTES * width) {
                columns[x][y] = (rgb[from] & 0xff) | ((rgb[from + 1] & 0xff) << 8) | ((rgb[from + 2] & 0xff) << BLUE);
            }
        }
    }

    private static void takeTile(byte[] rgb, int first, int step, int rows, int[][] columns, int x) {
        int[] c0 = columns[x];
        int[] c1 = columns[x + 1];
        int[] c2 = columns[x + 2];
        int[] c3 = columns[x + 3];
        int[] c4 = columns[x + 4];
        int[] c5 = columns[x + 5];
        int[] c6 = columns[x + 6];
        int[] c7 = columns[x + 7];
        for (int y = 0, from = first; y < rows; y++, from += step) {
            c0[y] = (int) INT.get(rgb, from);
            c1[y] = (int) INT.get(rgb, from + 3);
            c2[y] = (int) INT.get(rgb, from + 6);
            c3[y] = (int) INT.get(rgb, from + 9);
            c4[y] = (int) INT.get(rgb, from + 12);
            c5[y] = (int) INT.get(rgb, from + 15);
            c6[y] = (int) INT.get(rgb, from + 18);
            c7[y] = (int) INT.get(rgb, from + 21);
        }
    }

    private static void transpose(int[][] columns, int rows, int[][] narrow, int top) {
        int tiled = columns.length / TILE * TILE;
        for (int x = 0; x < tiled; x += TILE) {
            int[] c0 = columns[x];
            int[] c1 = columns[x + 1];
            int[] c2 = columns[x + 2];
            int[] c3 = columns[x + 3];
            int[] c4 = columns[x + 4];
            int[] c5 = columns[x + 5];
            int[] c6 = columns[x + 6];
            int[] c7 = columns[x + 7];
            for (int y = 0; y < rows; y++) {
                int[] row = narrow[top + y];
                row[x] = c0[y];
                row[x + 1] = c1[y];
                row[x + 2] = c2[y];
                row[x + 3] = c3[y];
                row[x + 4] = c4[y];
                row[x + 5] = c5[y];
                row[x + 6] = c6[y];
                row[x + 7] = c7[y];
            }
        }
        for (int x = tiled; x < columns.length; x++) {
            for (int y = 0; y < rows; y++) {
                narrow[top + y][x] = columns[x][y];
            }
        }
    }

    // The upper eight bits of a pixel have no meaning.
    private static void mean(Tent tent, int[][] lines, int[] mean, int[] sums, int length) {
        int first = tent.first;
        int[] weights = tent.weights;
        Arrays.fill(mean, 0);
        for (int shift = 0; shift <= BLUE; shift += Byte.SIZE) {
            Arrays.fill(sums, Tent.HALF);
            int k = 0;
            for (; k + 1 < weights.length; k += 2) {
                add(lines[first + k], weights[k], lines[first + k + 1], weights[k + 1], shift, sums, length);
            }
            if (k < weights.length) {
                add(lines[first + k], weights[k], shift, sums, length);
            }
            round(sums, shift, mean, length);
        }
    }

    private static void add(int[] line, int weight, int[] next, int nextWeight, int shift, int[] sums, int length) {
        for (int i = 0; i < length; i++) {
            sums[i] += ((line[i] >> shift) & 0xff) * weight + ((next[i] >> shift) & 0xff) * nextWeight;
        }
    }

    private static void add(int[] line, int weight, int shift, int[] sums, int length) {
        for (int i = 0; i < length; i++) {
            sums[i] += ((line[i] >> shift) & 0xff) * weight;
        }
    }

    private static void round(int[] sums, int shift, int[] mean, int length) {
        for (int i = 0; i < length; i++) {
            mean[i] |= Math.min(sums[i] >> Tent.BITS, 255) << shift;
        }
    }

    /** The triangle of weights by which an output position averages its inputs, in fixed point with {@link #BITS} fractional bits. */
    private static final class Tent {

        private static final int BITS = 22;
        private static final int HALF = 1 << (BITS - 1);

        private final int first;
        private final int[] weights;

        private Tent(int first, int[] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Tent[] along(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(scale, 1);
            Tent[] tents = new Tent[to];
            for (int i = 0; i < to; i++) {
                double centre = (i + .5) * scale;
                int first = Math.max((int) (centre - reach + .5), 0);
                int end = Math.min((int) (centre + reach + .5), from);
                double[] heights = new double[end - first];
                double sum = 0;
                for (int k = 0; k < heights.length; k++) {
                    heights[k] = Math.max(0, 1 - Math.abs((first + k - centre + .5) / reach));
                    sum += heights[k];
                }
                int[] weights = new int[heights.length]; // No streams: they took a third of the time of a photo.
                for (int k = 0; k < weights.length; k++) {
                    weights[k] = (int) Math.round(heights[k] / sum * (1 << BITS));
                }
                tents[i] = new Tent(first, weights);
            }
            return tents;
        }
    }
}
