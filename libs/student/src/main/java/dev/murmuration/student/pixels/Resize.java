package dev.murmuration.student.pixels;

import dev.murmuration.photo.Photo;
import java.util.Arrays;

/**
 * How a photo is squashed to a square. The two differ by about 3/255 on average, so a student must be used with the one that it
 * was trained with.
 */
public enum Resize {

    /** Bilinear without antialiasing, as {@code tf.image.resize}, with which the published students were trained. */
    TF_BILINEAR("tf-bilinear") {
        @Override
        public float[] apply(Photo photo, int side) {
            Lerp[] columns = Lerp.along(photo.width(), side);
            Lerp[] rows = Lerp.along(photo.height(), side);
            byte[] rgb = photo.rgb();
            float[] out = new float[3 * side * side];
            for (int y = 0; y < side; y++) {
                int above = rows[y].low() * photo.width();
                int below = rows[y].high() * photo.width();
                for (int x = 0; x < side; x++) {
                    for (int c = 0; c < 3; c++) {
                        int left = 3 * columns[x].low() + c;
                        int right = 3 * columns[x].high() + c;
                        float top = columns[x].between(rgb[3 * above + left] & 0xff, rgb[3 * above + right] & 0xff);
                        float bottom = columns[x].between(rgb[3 * below + left] & 0xff, rgb[3 * below + right] & 0xff);
                        out[3 * (y * side + x) + c] = rows[y].between(top, bottom);
                    }
                }
            }
            return out;
        }
    },

    /** Antialiased bilinear in integers, as Pillow does it for Hugging Face's image processors. */
    PILLOW_BILINEAR("pillow-bilinear") {
        @Override
        public float[] apply(Photo photo, int side) {
            int[] narrow = narrow(photo, side);
            int[] line = new int[3 * side];
            int[] sums = new int[3 * side];
            Tent[] rows = Tent.along(photo.height(), side);
            float[] out = new float[3 * side * side];
            for (int y = 0; y < side; y++) {
                weigh(rows[y], narrow, line, sums);
                for (int i = 0; i < sums.length; i++) {
                    out[y * sums.length + i] = sums[i];
                }
            }
            return out;
        }

        // Columns of some rows are contiguous, so that the loop vectorises.
        private static int[] narrow(Photo photo, int side) {
            int width = photo.width();
            int height = photo.height();
            Tent[] columns = Tent.along(width, side);
            int[] sheet = new int[3 * TOGETHER * width];
            int[] line = new int[3 * TOGETHER];
            int[] sums = new int[3 * TOGETHER];
            int[] narrow = new int[Math.multiplyExact(3 * side, height)];
            for (int top = 0; top < height; top += TOGETHER) {
                int rows = Math.min(TOGETHER, height - top);
                layOut(photo, top, rows, sheet);
                for (int x = 0; x < side; x++) {
                    weigh(columns[x], sheet, line, sums);
                    for (int y = 0; y < rows; y++) {
                        int to = 3 * ((top + y) * side + x);
                        narrow[to] = sums[3 * y];
                        narrow[to + 1] = sums[3 * y + 1];
                        narrow[to + 2] = sums[3 * y + 2];
                    }
                }
            }
            return narrow;
        }

        private static void layOut(Photo photo, int top, int rows, int[] sheet) {
            byte[] rgb = photo.rgb();
            int width = photo.width();
            for (int x = 0; x < width; x++) {
                int to = 3 * TOGETHER * x;
                for (int y = 0; y < rows; y++, to += 3) {
                    int from = 3 * ((top + y) * width + x);
                    sheet[to] = rgb[from] & 0xff;
                    sheet[to + 1] = rgb[from + 1] & 0xff;
                    sheet[to + 2] = rgb[from + 2] & 0xff;
                }
            }
        }

        // The weighted mean of contiguous lines. Each is copied first: a compiler that cannot tell
        // two
        // arrays apart adds one number at a time where their indices differ.
        private static void weigh(Tent tent, int[] lines, int[] line, int[] sums) {
            Arrays.fill(sums, Tent.HALF);
            for (int k = 0; k < tent.weights.length; k++) {
                System.arraycopy(lines, line.length * (tent.first + k), line, 0, line.length);
                int weight = tent.weights[k];
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += line[i] * weight;
                }
            }
            for (int i = 0; i < sums.length; i++) {
                sums[i] = Math.min(sums[i] >> Tent.BITS, 255);
            }
        }
    };

    /** Number of rows that are narrowed together. */
    private static final int TOGETHER = 64;

    private final String label;

    Resize(String label) {
        this.label = label;
    }

    /** Its name in configuration and checkpoints. */
    public String label() {
        return label;
    }

    /**
     * The resize of a name.
     *
     * @throws IllegalArgumentException if it is neither tf-bilinear nor pillow-bilinear
     */
    public static Resize named(String label) {
        return Arrays.stream(values())
                .filter(resize -> resize.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "resize '%s': it is tf-bilinear or pillow-bilinear".formatted(label)));
    }

    /** Squashes a photo to side by side pixels, (side, side, 3), values 0 to 255. */
    public abstract float[] apply(Photo photo, int side);

    /** The two neighbours of an output position, and its distance from the first. */
    private record Lerp(int low, int high, float share) {

        static Lerp[] along(int from, int to) {
            float scale = (float) from / to;
            Lerp[] positions = new Lerp[to];
            for (int i = 0; i < to; i++) {
                float centre = Math.max((i + .5f) * scale - .5f, 0);
                int low = Math.min((int) centre, from - 1);
                positions[i] = new Lerp(low, Math.min(low + 1, from - 1), centre - low);
            }
            return positions;
        }

        float between(float a, float b) {
            return a + (b - a) * share;
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
