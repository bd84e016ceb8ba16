package dev.murmuration.student;

import static dev.murmuration.student.Golden.array;
import static dev.murmuration.student.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The student's program against transformers and PyTorch, on a random student that nothing of ours has made. */
@ParameterizedClass(name = "products by oneDNN: {0}")
@ValueSource(booleans = {false, true})
class VitGoldenTest {

    private final boolean byOneDnn;

    VitGoldenTest(boolean byOneDnn) {
        this.byOneDnn = byOneDnn;
    }

    @BeforeEach
    void choose() {
        System.setProperty("dev.murmuration.onednn", Boolean.toString(byOneDnn));
    }

    @AfterEach
    void leaveTheChoice() {
        System.clearProperty("dev.murmuration.onednn");
    }

    private static final Optimizer ADAMW = new Optimizer(false, .5, .9, .98, 1e-6, .1, .75);
    private static final Optimizer RADAM = new Optimizer(true, 1e9, .9, .999, 1e-7, 0, 1);

    @Test
    void givesTheLogitsOfTransformers() throws IOException {
        try (Student student = Student.load(Golden.file("vit"), Device.cpu(), Precision.FP32)) {
            float[][] logits = student.logits(images());

            assertClose(flat(logits), Golden.values("logits"), 1e-5);
        }
    }

    @Test
    void givesItsProbabilities() throws IOException {
        try (Student student = Student.load(Golden.file("vit"), Device.cpu(), Precision.FP32)) {
            float[][] probabilities = student.predict(images());

            float[] logits = Golden.values("logits");
            double[] e = {Math.exp(logits[0]), Math.exp(logits[1]), Math.exp(logits[2])};
            assertThat(probabilities[0][2]).isCloseTo((float) (e[2] / (e[0] + e[1] + e[2])), within(1e-5f));
        }
    }

    @Test
    void staysNearTransformersInBf16() throws IOException {
        try (Student student = Student.load(Golden.file("vit"), Device.cpu(), Precision.BF16)) {
            float[][] logits = student.logits(images());

            assertClose(flat(logits), Golden.values("logits"), 3e-2);
            assertThat(flat(logits)).isNotEqualTo(Golden.values("logits"));
        }
    }

    @Test
    void givesTheLossAndEveryGradientOfPyTorch() throws IOException {
        try (Training training = training()) {
            float loss = training.accumulate(images(), targets(), 1, 1, false);

            assertThat(loss).isCloseTo(Golden.values("loss")[0], within(1e-5f));
            assertClose(training.gradient(), Golden.vector("gradient/"), 1e-4);
        }
    }

    @Test
    void sharpensByTheSquareOfTheTemperature() throws IOException {
        try (Training training = training()) {
            float loss = training.accumulate(images(), targets(), 1, 2, false);

            assertThat(loss).isCloseTo(Golden.values("loss_at_2")[0], within(1e-5f));
        }
    }

    @Test
    void gathersTheGradientOfAWholeBatchFromItsParts() throws IOException {
        try (Training training = training()) {
            training.accumulate(images().subList(0, 2), targets().subList(0, 2), .5, 1, false);
            training.accumulate(images().subList(2, 4), targets().subList(2, 4), .5, 1, false);

            assertClose(training.gradient(), Golden.vector("gradient/"), 1e-4);
        }
    }

    @Test
    void gathersNearlyThatGradientInBf16() throws IOException {
        try (Training training = training(Precision.BF16)) {
            training.accumulate(images().subList(0, 2), targets().subList(0, 2), .5, 1, false);
            training.accumulate(images().subList(2, 4), targets().subList(2, 4), .5, 1, false);

            assertClose(training.gradient(), Golden.vector("gradient/"), 3e-2);
        }
    }

    @Test
    void learnsFromMovedWeightsInBf16() throws IOException {
        try (Training training = training(Precision.BF16)) {
            float[] losses = Golden.values("radam/losses");
            for (int step = 0; step < losses.length; step++) {
                float loss = training.accumulate(images(), targets(), 1, 1, false);
                training.update(RADAM, 1e-2, step + 1, 0);
                assertThat(loss).isCloseTo(losses[step], within(1e-2f));
            }
            assertThat(losses[0] - losses[losses.length - 1]).isGreaterThan(5e-2f);
        }
    }

    @Test
    void movesLikeAdamWWithLayerDecayClippingAndAverage() throws IOException {
        try (Training training = training()) {
            double[] rates = {1e-3, 2e-3, 1.5e-3};
            for (int step = 0; step < rates.length; step++) {
                float loss = training.accumulate(images(), targets(), 1, 1, false);
                float norm = training.update(ADAMW, rates[step], step + 1, .9);

                assertThat(loss).isCloseTo(Golden.values("adamw/losses")[step], within(1e-5f));
                assertThat(norm).isCloseTo(Golden.values("adamw/norms")[step], within(1e-4f));
            }

            assertClose(array(training.state().weights()), Golden.vector("adamw/weights/"), 1e-5);
            assertClose(array(training.state().average()), Golden.vector("adamw/average/"), 1e-5);
        }
    }

    @Test
    void movesLikeRAdam() throws IOException {
        try (Training training = training()) {
            float[] losses = Golden.values("radam/losses");
            for (int step = 0; step < losses.length; step++) {
                assertThat(training.accumulate(images(), targets(), 1, 1, false))
                        .isCloseTo(losses[step], within(2e-5f));
                training.update(RADAM, 1e-2, step + 1, 0);
            }

            assertClose(array(training.state().weights()), Golden.vector("radam/weights/"), 5e-5);
        }
    }

    private static Training training() throws IOException {
        return training(Precision.FP32);
    }

    private static Training training(Precision precision) throws IOException {
        return Training.from(TrainingState.begin(StudentFolder.read(Golden.file("vit"))), Device.cpu(), precision);
    }

    private static List<float[]> images() throws IOException {
        return Golden.rows("pixels", 3 * 16 * 16);
    }

    private static List<float[]> targets() throws IOException {
        return Golden.rows("targets", 3);
    }

    private static float[] flat(float[][] rows) {
        FloatBuffer flat = FloatBuffer.allocate(rows.length * rows[0].length);
        for (float[] row : rows) {
            flat.put(row);
        }
        return flat.array();
    }
}
