package dev.murmuration.evaluator.map;

import dev.murmuration.schemas.Sentiment;
import java.awt.image.BufferedImage;

/**
 * Maps over their pictures as Campos et al. (2017) draw them: green is positive, red is negative, nearest neighbour, blended half and half.
 */
public final class Overlay {

    private static final int NEGATIVE = 0;
    private static final int NEUTRAL = 1;
    private static final int POSITIVE = 2;

    private Overlay() {}

    /** Probabilities of three channels: green = 255 P(positive), red = 255 P(negative). */
    public static BufferedImage ofProbabilities(BufferedImage picture, Grid grid) {
        return blended(picture, grid, 1, 1, 0);
    }

    /**
     * What speaks for positive in green and for negative in red, both as shares of the larger of the two maxima; what speaks
     * against is black.
     */
    public static BufferedImage ofRelevance(BufferedImage picture, Grid grid) {
        float most = Math.max(grid.largest(NEGATIVE), grid.largest(POSITIVE));
        float scale = most > 0 ? 1 / most : 0;
        return blended(picture, grid, scale, scale, 0);
    }

    /** One channel as a share of its maximum, in the colour of the verdict: green, red, or blue for neutral. */
    public static BufferedImage ofAttention(BufferedImage picture, Grid grid, Sentiment verdict) {
        Grid coloured = new Grid(grid.rows(), grid.columns(), 3);
        float most = grid.largest(0);
        int channel =
                switch (verdict) {
                    case negative -> NEGATIVE;
                    case neutral -> NEUTRAL;
                    case positive -> POSITIVE;
                };
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                coloured.set(row, column, channel, most > 0 ? grid.get(row, column, 0) / most : 0);
            }
        }
        return blended(picture, coloured, 1, 1, 1);
    }

    private static BufferedImage blended(
            BufferedImage picture, Grid grid, float redScale, float greenScale, float blueScale) {
        BufferedImage out = Picture.canvas(picture.getWidth(), picture.getHeight());
        for (int y = 0; y < picture.getHeight(); y++) {
            int row = y * grid.rows() / picture.getHeight();
            for (int x = 0; x < picture.getWidth(); x++) {
                int column = x * grid.columns() / picture.getWidth();
                int red = byteOf(redScale * grid.get(row, column, NEGATIVE));
                int green = byteOf(greenScale * grid.get(row, column, POSITIVE));
                int blue = blueScale == 0 ? 0 : byteOf(blueScale * grid.get(row, column, NEUTRAL));
                int rgb = picture.getRGB(x, y);
                out.setRGB(
                        x,
                        y,
                        half(rgb >> 16 & 0xff, red) << 16 | half(rgb >> 8 & 0xff, green) << 8 | half(rgb & 0xff, blue));
            }
        }
        return out;
    }

    private static int half(int a, int b) {
        return (a + b) / 2;
    }

    private static int byteOf(float share) {
        return Math.clamp(Math.round(255 * share), 0, 255);
    }
}
