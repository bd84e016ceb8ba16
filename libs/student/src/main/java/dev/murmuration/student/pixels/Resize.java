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
            byte[] squashed = squash(photo, side);
            float[] values = new float[squashed.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = squashed[i] & 0xff;
            }
            return values;
        }

        @Override
        public byte[] squash(Photo photo, int side) {
            return PillowBilinear.squash(photo, side);
        }
    };

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

    /** Squashes a photo to side by side pixels, (side, side, 3), rounded to bytes. */
    public byte[] squash(Photo photo, int side) {
        float[] values = apply(photo, side);
        byte[] rounded = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (byte) Math.round(values[i]);
        }
        return rounded;
    }

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
}
