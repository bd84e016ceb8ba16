package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Held against what {@code tools/imagenet_weights.py} computed with the same weights; that computes as timm's network does,
 * {@code tools/check_programs.py} shows.
 */
class EfficientNetTest {

    private static final EfficientNet SMALL = new EfficientNet(64);
    private static final String GOLDEN = "efficientnet/golden.safetensors";
    private static final Optimizer ADAMW = new Optimizer(false, 1, .9, .999, 1e-8, .05, 1);

    @TempDir
    private Path folder;

    @Test
    void hasTheSizeThatWasPublished() {
        // 4,652,008 with 1,000 classes and normalisation, whose 21,008 channels have two numbers each; folded they have
        // one.
        assertThat(Network.named("efficientnet-lite0").weightCount()).isEqualTo(4_652_008 - 21_008 - 997 * 1281);
        assertThat(Network.named("efficientnet-lite0").side()).isEqualTo(224);
        assertThat(Network.named("efficientnet-lite0-160").name()).isEqualTo("efficientnet-lite0-160");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efficientnet-lite1",
                "efficientnet",
                "efficientnet-lite0-",
                "efficientnet-lite0-16",
                "efficientnet-lite0-9999"
            })
    void refusesWhatCannotBe(String name) {
        assertThatThrownBy(() -> Network.named(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void computesWhatPyTorchDoesFromTheWeightsOfImageNet() throws IOException {
        float[] weights = begun();
        float[] classifier = Golden.values(GOLDEN, "classifier.weight");
        System.arraycopy(classifier, 0, weights, SMALL.headOffset(), classifier.length);
        StudentFolder.write(folder, SMALL, SMALL.form(), FloatBuffer.wrap(weights));
        List<float[]> images = Golden.rows(GOLDEN, "pixels", SMALL.pixels());

        try (Student student = Student.load(folder, Device.cpu(), Precision.FP32)) {
            float[][] logits = student.logits(images);

            float[] expected = Golden.values(GOLDEN, "logits");
            for (int i = 0; i < images.size(); i++) {
                for (int c = 0; c < 3; c++) {
                    assertThat(logits[i][c]).isCloseTo(expected[3 * i + c], within(1e-5f));
                }
            }
        }
    }

    @Test
    void learnsAllOrItsClassifierAlone() throws IOException {
        Torch.threads(1);
        List<float[]> images = Golden.rows(GOLDEN, "pixels", SMALL.pixels());
        List<float[]> targets = List.of(new float[] {1, 0, 0}, new float[] {0, 0, 1});
        float[] before = begun();
        try (Training training = Training.begin(SMALL, Device.cpu(), Precision.FP32, 7)) {
            float first = training.accumulate(images, targets, 1, 1, true);
            training.update(ADAMW, 1e-2, 1, .9);
            float[] headOnly = weights(training);
            assertThat(Arrays.copyOf(headOnly, SMALL.headOffset()))
                    .isEqualTo(Arrays.copyOf(before, SMALL.headOffset()));
            assertThat(headOnly).isNotEqualTo(before);

            for (int step = 2; step < 8; step++) {
                training.accumulate(images, targets, 1, 1, false);
                training.update(ADAMW, 1e-4, step, .9);
            }
            float[] all = weights(training);
            for (Weight weight : SMALL.weights()) {
                assertThat(Arrays.copyOfRange(all, weight.offset(), weight.offset() + weight.length()))
                        .as(weight.name())
                        .isNotEqualTo(Arrays.copyOfRange(headOnly, weight.offset(), weight.offset() + weight.length()));
            }
            assertThat(training.accumulate(images, targets, 0, 1, false)).isLessThan(first / 2);
        }
    }

    @Test
    void beginsFromAStudentWithItsClassifierOrANewOne() throws IOException {
        float[] taught = begun();
        Arrays.fill(taught, SMALL.headOffset(), taught.length, .5f);
        StudentFolder.write(folder, SMALL, SMALL.form(), FloatBuffer.wrap(taught));

        assertThat(StudentFolder.adapted(folder, SMALL, false, 2)).isEqualTo(taught);
        assertThat(StudentFolder.adapted(folder, SMALL, true, 2))
                .isEqualTo(begun())
                .endsWith(new float[taught.length - SMALL.headOffset()])
                .isNotEqualTo(taught);
        assertThat(StudentFolder.adapted(folder, new EfficientNet(224), false, 2))
                .isEqualTo(taught);
        assertThatThrownBy(() -> StudentFolder.adapted(Golden.file("vit"), SMALL, false, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not an efficientnet-lite0-64");
    }

    @Test
    void namesWhatAFolderLacks() throws IOException {
        StudentFolder.write(folder, SMALL, SMALL.form(), FloatBuffer.wrap(begun()));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"efficientnet-lite0\",\"image_size\":8}");

        assertThatThrownBy(() -> StudentFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("32 to 4096 pixels");
    }

    private static float[] begun() throws IOException {
        float[] weights = new float[SMALL.weightCount()];
        Arrays.fill(weights, Float.NaN);
        ImageNetWeights.begin(SMALL, FloatBuffer.wrap(weights));
        return weights;
    }

    private static float[] weights(Training training) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(SMALL.weightCount());
        training.state().vectors().getFirst().read(values);
        return values.array();
    }
}
