package dev.murmuration.student;

import static dev.murmuration.student.Golden.array;
import static dev.murmuration.student.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.weights.safetensors.Safetensors;
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
 * Students whose head reads the mean of their patches against timm, on random ones that nothing of ours has made:
 * {@code tools/mean_golden.py}.
 */
class MeanGoldenTest {

    private static final Optimizer ADAMW = new Optimizer(false, 1e9, .9, .999, 1e-6, .1, 1);
    private static final int PATCHES = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dense"})
    void givesTheLogitsOfTimm(String head) throws IOException {
        try (Student student = student(head)) {
            assertClose(flat(student.logits(images())), golden(head + "/logits"), 1e-5);
        }
    }

    @Test
    void isNamedAfterItsPooling() throws IOException {
        assertThat(shape("linear").name()).isEqualTo("vit-16x2x2x24-8-16-mean");
        assertThat(shape("dense").name()).isEqualTo("vit-16x2x2x24-8-16-mean-dense5");
    }

    @Test
    void staysNearTimmInBf16() throws IOException {
        try (Student student = Student.load(Golden.file("mean-linear"), Device.cpu(), Precision.BF16)) {
            assertClose(flat(student.logits(images())), golden("linear/logits"), 3e-2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dense"})
    void givesTheLogitsOfEachPatch(String head) throws IOException {
        try (Student student = student(head)) {
            assertClose(flat(student.patchLogits(images())), golden(head + "/patches"), 1e-5);
        }
    }

    @Test
    void saysOfAnImageTheMeanOfWhatALinearHeadSaysOfItsPatches() throws IOException {
        try (Student student = student("linear")) {
            float[][] patches = student.patchLogits(images());
            float[][] logits = student.logits(images());

            float[][] means = new float[logits.length][3];
            for (int i = 0; i < patches.length; i++) {
                for (int c = 0; c < 3; c++) {
                    means[i / PATCHES][c] += patches[i][c] / PATCHES;
                }
            }
            assertClose(flat(means), flat(logits), 1e-6);
        }
    }

    @Test
    void laysThePatchesProbabilitiesOutRowByRow() throws IOException {
        try (Student student = student("linear")) {
            float[][][] patches = student.patches(images().getFirst());

            assertThat(patches).hasDimensions(2, 2);
            float[] logits = golden("linear/patches");
            for (int i = 0; i < PATCHES; i++) {
                double sum = 0;
                for (int c = 0; c < 3; c++) {
                    sum += Math.exp(logits[3 * i + c]);
                }
                assertThat(patches[i / 2][i % 2][0]).isCloseTo((float) (Math.exp(logits[3 * i]) / sum), within(1e-5f));
            }
        }
    }

    @Test
    void hasNoScoresOfPatchesWhereTheHeadReadsTheClassToken() throws IOException {
        try (Student student = Student.load(Golden.file("vit"), Device.cpu(), Precision.FP32)) {
            assertThat(student.scoresPatches()).isFalse();
            assertThatThrownBy(() -> student.patches(images().getFirst()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("vit-16x2x2x40-8-16 does not read the mean of its patches");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dense"})
    void givesTheLossAndEveryGradientOfPyTorch(String head) throws IOException {
        try (Training training = training(head)) {
            float loss = training.accumulate(images(), targets(), 1, 1, false);

            assertThat(loss).isCloseTo(golden(head + "/loss")[0], within(1e-5f));
            assertClose(training.gradient(), vector(head, "gradient"), 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dense"})
    void movesAllWeightsInThreeStepsAsPyTorchDoes(String head) throws IOException {
        try (Training training = training(head)) {
            for (int step = 1; step <= 3; step++) {
                training.accumulate(images(), targets(), 1, 1, false);
                training.update(ADAMW, 2e-3, step, 0);
            }

            assertClose(array(training.state().weights()), vector(head, "adamw"), 1e-4);
        }
    }

    /** What transformers would take for a student on the class token must lack its head. */
    @Test
    void writesALinearHeadApartFromAViTModel() throws IOException {
        StudentFolder read = StudentFolder.read(Golden.file("mean-linear"));

        StudentFolder.write(folder, read.architecture(), read.pixels(), FloatBuffer.wrap(read.weights()));

        assertThat(Files.readString(folder.resolve("config.json")))
                .contains("\"architectures\" : [ \"ViTModel\" ]", "\"head_pooling\" : \"mean\"");
        try (Safetensors model = Safetensors.open(folder.resolve("model.safetensors"));
                Safetensors head = Safetensors.open(folder.resolve("head.safetensors"))) {
            assertThat(model.tensors().keySet())
                    .doesNotContain("classifier.weight")
                    .contains("layernorm.bias");
            assertThat(head.tensors().keySet()).containsExactlyInAnyOrder("output.weight", "output.bias");
        }
        StudentFolder again = StudentFolder.read(folder);
        assertThat(again.architecture()).isEqualTo(read.architecture());
        assertThat(again.weights()).isEqualTo(read.weights());
    }

    @Test
    void refusesAFolderThatDoesNotSayWhatItsHeadReads() throws IOException {
        for (String file :
                List.of("config.json", "model.safetensors", "head.safetensors", "preprocessor_config.json")) {
            Files.copy(Golden.file("mean-linear/" + file), folder.resolve(file));
        }
        String config = Files.readString(folder.resolve("config.json"));

        Files.writeString(folder.resolve("config.json"), config.replace("\"head_pooling\": \"mean\",", ""));
        assertThatThrownBy(() -> StudentFolder.read(folder)).hasMessageContaining("hidden.bias is missing");
        Files.writeString(folder.resolve("config.json"), config.replace("\"mean\"", "\"max\""));
        assertThatThrownBy(() -> StudentFolder.read(folder)).hasMessageContaining("head_pooling is \"max\"");
        Files.writeString(folder.resolve("config.json"), config);
        Files.delete(folder.resolve("head.safetensors"));
        assertThatThrownBy(() -> StudentFolder.read(folder).weights())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("head.safetensors: there is no such file");
    }

    @Test
    void beginsFromAStudentOnTheClassTokenWithAHeadOfItsOwn() throws IOException {
        StudentFolder token = StudentFolder.read(Golden.file("vit"));
        Architecture wanted = new Architecture(16, 8, 16, 2, 2, 40, 1e-6, 0, false, true);

        float[] begun = StudentFolder.adapted(Golden.file("vit"), wanted, false, 5);

        int head = begun.length - 3 * 17;
        assertThat(begun).hasSameSizeAs(token.weights());
        assertThat(Arrays.copyOf(begun, head)).isEqualTo(Arrays.copyOf(token.weights(), head));
        assertThat(Arrays.copyOfRange(begun, head, begun.length))
                .isEqualTo(Arrays.copyOfRange(RandomWeights.of(wanted, 5), head, begun.length));
    }

    @Test
    void beginsFromAnotherOfItsKindWithItsHead() throws IOException {
        StudentFolder found = StudentFolder.read(Golden.file("mean-linear"));

        assertThat(StudentFolder.adapted(Golden.file("mean-linear"), found.architecture(), false, 5))
                .isEqualTo(found.weights());
    }

    private static Network shape(String head) throws IOException {
        return StudentFolder.read(Golden.file("mean-" + head)).architecture();
    }

    private static Student student(String head) throws IOException {
        return Student.load(Golden.file("mean-" + head), Device.cpu(), Precision.FP32);
    }

    private static Training training(String head) throws IOException {
        return Training.from(
                TrainingState.begin(StudentFolder.read(Golden.file("mean-" + head))), Device.cpu(), Precision.FP32);
    }

    private static float[] golden(String tensor) throws IOException {
        return Golden.values("mean.safetensors", tensor);
    }

    private static float[] vector(String head, String what) throws IOException {
        return Golden.vector("mean.safetensors", "%s/%s/".formatted(head, what), shape(head));
    }

    private static List<float[]> images() throws IOException {
        return Golden.rows("mean.safetensors", "pixels", 3 * 16 * 16);
    }

    private static List<float[]> targets() throws IOException {
        return Golden.rows("mean.safetensors", "targets", 3);
    }

    private static float[] flat(float[][] rows) {
        FloatBuffer flat = FloatBuffer.allocate(rows.length * rows[0].length);
        for (float[] row : rows) {
            flat.put(row);
        }
        return flat.array();
    }
}
