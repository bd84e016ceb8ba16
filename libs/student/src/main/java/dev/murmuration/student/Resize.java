package dev.murmuration.student;

import java.util.Arrays;

/** How a photo is squashed to a square. The two differ by about 3/255 on average, so a student must be asked with the one that it learned with. */
public enum Resize {

    /** Bilinear without antialiasing, as {@code tf.image.resize}, with which the published students were trained. */
    TF_BILINEAR("tf-bilinear") {
        @Override
        float[] apply(Photo photo, int side) {
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

        @Override
        float[] apply(Plane plane, int side) {
            Lerp[] columns = Lerp.along(plane.width(), plane.across(), side);
            Lerp[] rows = Lerp.along(plane.height(), plane.down(), side);
            byte[] values = plane.values();
            float[] out = new float[side * side];
            for (int y = 0; y < side; y++) {
                int above = rows[y].low() * plane.stride();
                int below = rows[y].high() * plane.stride();
                for (int x = 0; x < side; x++) {
                    Lerp column = columns[x];
                    float top =
                            column.between(values[above + column.low()] & 0xff, values[above + column.high()] & 0xff);
                    float bottom =
                            column.between(values[below + column.low()] & 0xff, values[below + column.high()] & 0xff);
                    out[y * side + x] = rows[y].between(top, bottom);
                }
            }
            return out;
        }

        @Override
        float value(float linear) {
            return Math.max(0, Math.min(linear, 255));
        }
    },

    /** Bilinear over the whole area that a pixel stands for, in whole numbers, as Pillow does it for Hugging Face's image processors. */
    PILLOW_BILINEAR("pillow-bilinear") {
        @Override
        float[] apply(Photo photo, int side) {
            int height = photo.height();
            byte[] narrow = new byte[3 * side * height];
            Tent[] columns = Tent.along(photo.width(), side);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < side; x++) {
                    int from = 3 * (y * photo.width() + columns[x].first());
                    for (int c = 0; c < 3; c++) {
                        narrow[3 * (y * side + x) + c] = columns[x].weigh(photo.rgb(), from + c, 3);
                    }
                }
            }
            Tent[] rows = Tent.along(height, side);
            float[] out = new float[3 * side * side];
            for (int y = 0; y < side; y++) {
                for (int i = 0; i < 3 * side; i++) {
                    out[3 * y * side + i] = rows[y].weigh(narrow, 3 * side * rows[y].first() + i, 3 * side) & 0xff;
                }
            }
            return out;
        }

        // Whole rows are weighed, first the photo's and then those of the result's transpose: a processor adds many
        // neighbours at once.
        @Override
        float[] apply(Plane plane, int side) {
            int width = plane.width();
            Tent[] rows = Tent.along(plane.height(), plane.down(), side);
            float[][] read = new float[Tent.longest(rows)][width];
            int next = 0;
            float[][] few = new float[Math.min(TOGETHER, side)][width];
            float[] low = new float[width * side];
            for (int y = 0; y < side; y++) {
                Tent row = rows[y];
                float[] sums = few[y % few.length];
                for (; next < row.first + row.shares.length; next++) {
                    plane.read(next, read[next % read.length]);
                }
                Arrays.fill(sums, 0);
                for (int k = 0; k < row.shares.length; k++) {
                    add(row.shares[k], read[(row.first + k) % read.length], 0, sums);
                }
                if ((y + 1) % few.length == 0 || y == side - 1) {
                    transpose(few, y % few.length + 1, low, y - y % few.length, side);
                }
            }
            Tent[] columns = Tent.along(width, plane.across(), side);
            float[] sums = new float[side];
            float[] out = new float[side * side];
            for (int x = 0; x < side; x++) {
                Tent column = columns[x];
                Arrays.fill(sums, 0);
                for (int k = 0; k < column.shares.length; k++) {
                    add(column.shares[k], low, (column.first + k) * side, sums);
                }
                for (int y = 0; y < side; y++) {
                    out[y * side + x] = sums[y];
                }
            }
            return out;
        }

        private static void transpose(float[][] rows, int count, float[] into, int from, int stride) {
            for (int x = 0; x < rows[0].length; x++) {
                for (int i = 0; i < count; i++) {
                    into[x * stride + from + i] = rows[i][x];
                }
            }
        }

        private static void add(float share, float[] values, int from, float[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[from + i] * share;
            }
        }

        @Override
        float value(float linear) {
            return Math.max(0, Math.min((int) (linear + .5f), 255)); // Below zero it does not matter how it is rounded.
        }
    };

    /** Rows that are transposed together: as many as fill a line of a processor's cache. */
    private static final int TOGETHER = 16;

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
    abstract float[] apply(Photo photo, int side);

    /** Squashes one plane of a photo to side by side samples, (side, side), values 0 to 255 and not rounded. */
    abstract float[] apply(Plane plane, int side);

    /** A colour that was computed, as this resize hands it out: within 0 to 255, and whole where it works on bytes. */
    abstract float value(float linear);

    /** The two neighbours of one output position and how far it lies between them. */
    private record Lerp(int low, int high, float share) {

        static Lerp[] along(int from, int to) {
            return along(from, from, to);
        }

        static Lerp[] along(int from, double length, int to) {
            float scale = (float) length / to;
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

    /** The tent of weights under which one output position averages its inputs, in fixed point with {@link #BITS} bits after the point. */
    private static final class Tent {

        private static final int BITS = 22;

        private final int first;
        private final int[] weights;
        private final float[] shares;

        private Tent(int first, int[] weights) {
            this.first = first;
            this.weights = weights;
            this.shares = new float[weights.length];
            for (int k = 0; k < weights.length; k++) {
                shares[k] = weights[k] * 1f / (1 << BITS);
            }
        }

        int first() {
            return first;
        }

        static Tent[] along(int from, int to) {
            return along(from, from, to);
        }

        static Tent[] along(int from, double length, int to) {
            double scale = length / to;
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

        byte weigh(byte[] values, int from, int stride) {
            int sum = 1 << (BITS - 1);
            for (int k = 0; k < weights.length; k++) {
                sum += (values[from + k * stride] & 0xff) * weights[k];
            }
            return (byte) Math.clamp(sum >> BITS, 0, 255);
        }

        /** How many inputs the widest of these averages. */
        static int longest(Tent[] tents) {
            int longest = 0;
            for (Tent tent : tents) {
                longest = Math.max(longest, tent.shares.length);
            }
            return longest;
        }
    }
}
