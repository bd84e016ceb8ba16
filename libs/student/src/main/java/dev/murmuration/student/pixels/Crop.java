package dev.murmuration.student.pixels;

import dev.murmuration.photo.Photo;
import java.util.random.RandomGenerator;

/**
 * A rectangular part of a square photo.
 *
 * @param x first column in pixels
 * @param y first row in pixels
 * @param width in pixels
 * @param height in pixels
 * @param mirrored whether left and right are exchanged afterwards
 */
public record Crop(int x, int y, int width, int height, boolean mirrored) {

    private static final int ATTEMPTS = 10;
    private static final double WIDEST = 4 / 3.;

    /** Checks that it is not empty. */
    public Crop {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("a crop of %d by %d pixels at (%d, %d)".formatted(width, height, x, y));
        }
    }

    /** Its area in pixels. */
    public Photo of(Photo photo) {
        byte[] part = new byte[3 * width * height];
        for (int row = 0; row < height; row++) {
            System.arraycopy(photo.rgb(), 3 * ((y + row) * photo.width() + x), part, 3 * row * width, 3 * width);
        }
        return Photo.of(width, height, part);
    }

    /**
     * A random part, as Inception was trained (Szegedy et al., CVPR 2015): its area is uniform between a minimum share of the
     * photo and all of it, the logarithm of its aspect uniform between 3:4 and 4:3. If none fits in ten attempts it is the whole
     * photo.
     *
     * @param side of the photo in pixels
     * @param least minimum share of the photo's area, more than 0 and at most 1
     * @param mirror whether half of the parts are mirrored
     */
    public static Crop drawn(int side, double least, boolean mirror, RandomGenerator random) {
        boolean mirrored = mirror && random.nextBoolean();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double area = (double) side * side * (least + (1 - least) * random.nextDouble());
            double aspect = Math.exp(Math.log(WIDEST) * (2 * random.nextDouble() - 1));
            int width = (int) Math.round(Math.sqrt(area * aspect));
            int height = (int) Math.round(Math.sqrt(area / aspect));
            if (width >= 1 && width <= side && height >= 1 && height <= side) {
                return new Crop(
                        random.nextInt(side - width + 1), random.nextInt(side - height + 1), width, height, mirrored);
            }
        }
        return new Crop(0, 0, side, side, mirrored);
    }
}
