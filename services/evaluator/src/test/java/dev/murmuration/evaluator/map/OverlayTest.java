package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sentiment;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class OverlayTest {

    private static BufferedImage grey() {
        BufferedImage picture = Picture.canvas(4, 2);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 4; x++) {
                picture.setRGB(x, y, 0x646464);
            }
        }
        return picture;
    }

    /** Campos et al. 2017: red = 255 P(negative), green = 255 P(positive), half picture and half map. */
    @Test
    void blendsRedForNegativeAndGreenForPositiveHalfAndHalfByTheNearestCell() {
        Grid grid = new Grid(1, 2, 3);
        grid.set(0, 0, 0, 1);
        grid.set(0, 1, 0, .2f);
        grid.set(0, 1, 2, .6f);

        BufferedImage overlay = Overlay.ofProbabilities(grey(), grid);

        assertThat(overlay.getRGB(0, 0) & 0xffffff).isEqualTo(rgb((100 + 255) / 2, 50, 50));
        assertThat(overlay.getRGB(1, 1)).isEqualTo(overlay.getRGB(0, 0));
        assertThat(overlay.getRGB(2, 0) & 0xffffff).isEqualTo(rgb((100 + 51) / 2, (100 + 153) / 2, 50));
    }

    @Test
    void showsRelevanceAsAShareOfTheLargestAndWhatSpeaksAgainstAsBlack() {
        Grid grid = new Grid(1, 2, 3);
        grid.set(0, 0, 2, .02f);
        grid.set(0, 0, 0, -.02f);
        grid.set(0, 1, 2, -.02f);
        grid.set(0, 1, 0, .01f);

        BufferedImage overlay = Overlay.ofRelevance(grey(), grid);

        assertThat(overlay.getRGB(0, 0) & 0xffffff).isEqualTo(rgb(50, (100 + 255) / 2, 50));
        assertThat(overlay.getRGB(3, 0) & 0xffffff).isEqualTo(rgb((100 + 128) / 2, 50, 50));
    }

    @Test
    void showsAttentionInTheColourOfTheVerdict() {
        Grid grid = new Grid(1, 2, 1);
        grid.set(0, 0, 0, .25f);
        grid.set(0, 1, 0, .5f);

        assertThat(Overlay.ofAttention(grey(), grid, Sentiment.positive).getRGB(3, 0) & 0xff00)
                .isEqualTo(rgb(0, (100 + 255) / 2, 0));
        assertThat(Overlay.ofAttention(grey(), grid, Sentiment.negative).getRGB(3, 0) & 0xff0000)
                .isEqualTo(rgb((100 + 255) / 2, 0, 0));
        assertThat(Overlay.ofAttention(grey(), grid, Sentiment.negative).getRGB(0, 0) & 0xff0000)
                .isEqualTo(rgb((100 + 128) / 2, 0, 0));
    }

    private static int rgb(int red, int green, int blue) {
        return (red << 16) | (green << 8) | blue;
    }
}
