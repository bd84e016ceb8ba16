package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OcclusionTest {

    private static final int SIDE = 16;
    private static final Pixels FORM = Pixels.positive(SIDE, Resize.TF_BILINEAR);

    /** Positive is the mean of the picture, negative what is missing to white: every patch speaks by its brightness. */
    private static final Classifier BRIGHTNESS = pictures -> pictures.stream()
            .map(pixels -> {
                double sum = 0;
                for (float value : pixels) {
                    sum += value;
                }
                float mean = (float) (sum / pixels.length);
                return new float[] {1 - mean, 0, mean};
            })
            .toArray(float[][]::new);

    /** White in the cell (1, 2) of four by four, black elsewhere. */
    private static byte[] spot() {
        byte[] squashed = new byte[3 * SIDE * SIDE];
        for (int y = 4; y < 8; y++) {
            for (int x = 8; x < 12; x++) {
                for (int c = 0; c < 3; c++) {
                    squashed[3 * (y * SIDE + x) + c] = (byte) 255;
                }
            }
        }
        return squashed;
    }

    @Test
    void findsThePatchThatSpeaksForAClassAndThoseThatSpeakAgainstIt() {
        Grid grid = new Occlusion(BRIGHTNESS, FORM).hiding(spot(), 4, 4);

        // Hiding white behind the mean 16/255 takes (255 - 16) / 255 / 16 away, hiding black gives 16 / 255 / 16.
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                float expected = row == 1 && column == 2 ? 239f / 255 / 16 : -16f / 255 / 16;
                assertThat(grid.get(row, column, 2)).isEqualTo(expected, within(1e-5f));
                assertThat(grid.get(row, column, 0)).isEqualTo(-expected, within(1e-5f));
                assertThat(grid.get(row, column, 1)).isZero();
            }
        }
    }

    @Test
    void isFinerThanPatchesWhenAskedTo() {
        Grid grid = new Occlusion(BRIGHTNESS, FORM).hiding(spot(), 8, 4);

        assertThat(grid.rows()).isEqualTo(8);
        // Cells (2, 4) to (3, 5) lie on the spot; a square of 4 pixels around each covers a 9/16 of it.
        assertThat(grid.get(2, 4, 2)).isGreaterThan(grid.get(1, 4, 2)).isGreaterThan(grid.get(2, 6, 2));
        assertThat(grid.get(2, 4, 2)).isEqualTo(grid.get(3, 5, 2), within(1e-5f));
    }

    @Test
    void asksAboutEachWindowAlone() {
        Grid grid = new Occlusion(BRIGHTNESS, FORM).sliding(spot(), 4, 4);

        assertThat(grid.get(1, 2, 2)).isEqualTo(1, within(1e-5f));
        assertThat(grid.get(0, 0, 2)).isZero();
        assertThat(grid.get(3, 3, 0)).isEqualTo(1, within(1e-5f));
    }

    @Test
    void asksNoMoreThanABatchAtOnce() {
        List<Integer> sizes = new ArrayList<>();
        Classifier counted = pictures -> {
            sizes.add(pictures.size());
            return BRIGHTNESS.predict(pictures);
        };

        new Occlusion(counted.inBatchesOf(5), FORM).sliding(spot(), 4, 4);

        assertThat(sizes).containsExactly(5, 5, 5, 1);
    }

    @Test
    void isBelievedMoreThanARandomMap() {
        // Only one patch matters, and much: deletion falls at once, insertion rises at once.
        Classifier spotted = pictures -> pictures.stream()
                .map(pixels -> {
                    float there = pixels[5 * SIDE + 9] > .5 ? .9f : .1f;
                    return new float[] {1 - there, 0, there};
                })
                .toArray(float[][]::new);
        byte[] squashed = spot();
        Grid grid = new Occlusion(spotted, FORM).hiding(squashed, 4, 4);
        double[] relevance = new double[16];
        for (int i = 0; i < 16; i++) {
            relevance[i] = grid.get(i / 4, i % 4, 2);
        }

        Faithfulness map = Faithfulness.of(spotted, FORM, squashed, relevance, 2, 16);
        Faithfulness random = Faithfulness.random(spotted, FORM, squashed, 16, 2, 16, 8, 1);

        // Sixteen steps: the first one changes .9 to .1 (or back), 15.5 of 16 lie at the new value.
        assertThat(map.deletion()).isEqualTo((.5 * (.9 + .1) + 15 * .1) / 16, within(1e-6));
        assertThat(map.insertion()).isEqualTo((.5 * (.1 + .9) + 15 * .9) / 16, within(1e-6));
        assertThat(random.deletion()).isGreaterThan(map.deletion() + .1);
        assertThat(random.insertion()).isLessThan(map.insertion() - .1);
    }
}
