package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.weights.safetensors.Safetensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Maps of a random student of timm's that reads the mean of its patches: {@code tools/mean_golden.py} of the project's root. */
class ExplainerTest {

    private static final int PATCH = 8;

    @Test
    void showsWhatTheHeadSaysOfEachPatchAndHowFarThatCanBeBelieved() throws Exception {
        byte[] photo = Files.readAllBytes(golden("photo.png"));
        try (Student student = Student.load(golden("mean"), Device.cpu(), Precision.FP32);
                Safetensors golden = Safetensors.open(golden("mean.safetensors"))) {

            Explainer.Explained explained = explainer(student).explain(photo, MapKind.PATCHES, 1, true);

            float[] patches = golden.floats("patches");
            assertThat(explained.grid().rows()).isEqualTo(4);
            assertThat(explained.grid().values()).containsExactly(patches, within(1e-5f));
            assertThat(explained.positive()).isFalse();
            float[] faithfulness = golden.floats("faithfulness");
            assertThat(explained.map().orElseThrow().deletion()).isCloseTo(faithfulness[0], within(1e-5));
            assertThat(explained.map().orElseThrow().insertion()).isCloseTo(faithfulness[1], within(1e-5));
            assertDrawn(explained.overlay(), Picture.upright(photo, 32, Pixels.MAX_PIXELS), patches);
        }
    }

    @Test
    void hasNoScoresOfPatchesWhereTheHeadReadsTheClassToken() throws Exception {
        try (Student student = Student.load(golden("vit"), Device.cpu(), Precision.FP32)) {
            assertThatThrownBy(() -> explainer(student).explain(new byte[0], MapKind.PATCHES, 1, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has no scores of its patches");
        }
    }

    // Half picture, half map: red is 255 P(negative), green 255 P(positive), of the patch that a pixel lies in.
    private static void assertDrawn(BufferedImage overlay, BufferedImage picture, float[] patches) {
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                int patch = 3 * (y / PATCH * 4 + x / PATCH);
                int rgb = picture.getRGB(x, y);
                int drawn = overlay.getRGB(x, y);
                assertThat((drawn >> 16 & 0xff) * 1.)
                        .isCloseTo(((rgb >> 16 & 0xff) + 255 * patches[patch]) / 2, within(1.));
                assertThat((drawn >> 8 & 0xff) * 1.)
                        .isCloseTo(((rgb >> 8 & 0xff) + 255 * patches[patch + 2]) / 2, within(1.));
            }
        }
    }

    private static Explainer explainer(Student student) {
        return new Explainer(student, 32, () -> {
            throw new AssertionError("no rollout is asked for here");
        });
    }

    private static Path golden(String name) throws URISyntaxException {
        URL url = Objects.requireNonNull(ExplainerTest.class.getResource("/golden/maps/" + name), name);
        return Path.of(url.toURI());
    }
}
