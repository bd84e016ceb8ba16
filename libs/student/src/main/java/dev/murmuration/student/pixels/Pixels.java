package dev.murmuration.student.pixels;

import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Photo;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import java.util.List;

/**
 * How a photo becomes a student's input: decoded, upright, squashed to a square without a crop, scaled to 0..1 and normalised per colour.
 *
 * @param side width and height in pixels
 * @param resize how it is squashed
 * @param mean subtracted from red, green and blue
 * @param deviation divisor of red, green and blue after that
 */
public record Pixels(int side, Resize resize, List<Double> mean, List<Double> deviation) {

    /** Maximum number of pixels of a photo that is decoded: 40 megapixels, the limit of admission. */
    public static final long MAX_PIXELS = Limits.MAX_PIXELS;

    private static final PhotoDecoder DECODER = new PhotoDecoder(Limits.pixels(MAX_PIXELS));

    /** Checks and copies the numbers. */
    public Pixels {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (side < 1
                || mean.size() != 3
                || deviation.size() != 3
                || !mean.stream().allMatch(Double::isFinite)
                || !deviation.stream().allMatch(d -> d > 0 && Double.isFinite(d))) {
            throw new IllegalArgumentException(
                    "pixels of side %d, mean %s, deviation %s".formatted(side, mean, deviation));
        }
    }

    /** Values from -1 to 1, as ViTs are usually trained. */
    public static Pixels symmetric(int side, Resize resize) {
        return new Pixels(side, resize, List.of(.5, .5, .5), List.of(.5, .5, .5));
    }

    /** Values from 0 to 1, as the published B/32 was trained. */
    public static Pixels positive(int side, Resize resize) {
        return new Pixels(side, resize, List.of(0., 0., 0.), List.of(1., 1., 1.));
    }

    /**
     * Converts a photo.
     *
     * @param photo a JPEG, PNG, WebP or GIF (first frame)
     * @return {@code (3, side, side)}: all reds row by row, then greens, then blues
     * @throws PhotoException if it is damaged, of another format, or has more than {@link #MAX_PIXELS}
     */
    public float[] of(byte[] photo) throws PhotoException {
        return normalise(resize.apply(DECODER.decode(photo), side));
    }

    /**
     * Squashes a photo to this side and rounds it to bytes, for storage: a quarter of the size of {@link #of}.
     *
     * @return {@code (side, side, 3)}
     * @throws PhotoException as for {@link #of}
     */
    public byte[] squash(byte[] photo) throws PhotoException {
        return resize.squash(DECODER.decode(photo), side);
    }

    /**
     * Converts a squashed photo.
     *
     * @param squashed from {@link #squash}
     * @param mirrored whether left and right are exchanged
     * @return as for {@link #of}
     */
    public float[] of(byte[] squashed, boolean mirrored) {
        int area = side * side;
        float[] reds = ofByte(0);
        float[] greens = ofByte(1);
        float[] blues = ofByte(2);
        float[] out = new float[3 * area];
        int step = mirrored ? -1 : 1;
        for (int y = 0, from = 0; y < side; y++) {
            int to = y * side + (mirrored ? side - 1 : 0);
            for (int x = 0; x < side; x++, from += 3, to += step) {
                out[to] = reds[squashed[from] & 0xff];
                out[area + to] = greens[squashed[from + 1] & 0xff];
                out[2 * area + to] = blues[squashed[from + 2] & 0xff];
            }
        }
        return out;
    }

    private float[] ofByte(int colour) {
        float scale = scale(colour);
        float shift = shift(colour);
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * scale + shift;
        }
        return values;
    }

    private float scale(int colour) {
        return (float) (1 / (255 * deviation.get(colour)));
    }

    private float shift(int colour) {
        return (float) (-mean.get(colour) / deviation.get(colour));
    }

    /**
     * Squashes a photo to a square larger than the student's, so that {@link #of(byte[], int, Crop)} can take crops of it.
     *
     * @param kept width and height in pixels
     * @return {@code (kept, kept, 3)}
     * @throws PhotoException as for {@link #of}
     */
    public byte[] squash(byte[] photo, int kept) throws PhotoException {
        return new Pixels(kept, resize, mean, deviation).squash(photo);
    }

    /**
     * Converts a crop of a squashed photo, resized to the student's side.
     *
     * @param squashed from {@link #squash(byte[], int)}
     * @param kept its width and height in pixels
     * @return as for {@link #of}
     */
    public float[] of(byte[] squashed, int kept, Crop crop) {
        float[] values = resize.apply(crop.of(Photo.of(kept, kept, squashed)), side);
        if (crop.mirrored()) {
            mirror(values);
        }
        return normalise(values);
    }

    private void mirror(float[] values) {
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side / 2; x++) {
                int left = 3 * (y * side + x);
                int right = 3 * (y * side + side - 1 - x);
                for (int c = 0; c < 3; c++) {
                    float value = values[left + c];
                    values[left + c] = values[right + c];
                    values[right + c] = value;
                }
            }
        }
    }

    /**
     * A copy of a squashed photo with left and right exchanged.
     *
     * @param squashed from {@link #squash}
     */
    public byte[] mirrored(byte[] squashed) {
        byte[] mirrored = new byte[squashed.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                System.arraycopy(squashed, 3 * (y * side + x), mirrored, 3 * (y * side + side - 1 - x), 3);
            }
        }
        return mirrored;
    }

    /** How bytes are normalised: what red, green and blue are multiplied by, then what is added to each, all exact floats. */
    public double[] colours() {
        double[] colours = new double[6];
        for (int c = 0; c < 3; c++) {
            colours[c] = scale(c);
            colours[3 + c] = shift(c);
        }
        return colours;
    }

    private float[] normalise(float[] values) {
        int area = side * side;
        float[] out = new float[3 * area];
        for (int c = 0; c < 3; c++) {
            float scale = scale(c);
            float shift = shift(c);
            for (int i = 0; i < area; i++) {
                out[c * area + i] = values[3 * i + c] * scale + shift;
            }
        }
        return out;
    }
}
