package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import dev.murmuration.weights.safetensors.Safetensors;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models in the layout of published ones against the libraries that they were made with, vit-keras, timm and transformers:
 * {@code tools/published_golden.py}.
 */
class PublishedStudentTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThread() {
        Torch.threads(1);
    }

    @Test
    void readsTheShapeOffTheTensorsOfKeras() throws IOException {
        Network a = StudentFolder.read(file("keras.h5")).architecture();

        assertThat(a).isEqualTo(new Architecture(12, 4, 64, 2, 1, 32, 1e-6, 8, true));
        assertThat(StudentFolder.read(file("keras.h5")).pixels()).isEqualTo(Pixels.symmetric(12, Resize.TF_BILINEAR));
    }

    @Test
    void givesTheProbabilitiesOfVitKeras() throws IOException {
        try (Student student = student(file("keras.h5"))) {
            float[][] ours = student.predict(rows("keras/pixels", 3 * 12 * 12));

            assertThat(largest(ours, golden("keras/probabilities"))).isLessThan(TOLERANCE);
            assertThat(largest(ours, golden("keras/exact"))).isGreaterThan(5 * TOLERANCE);
        }
    }

    @Test
    void givesTheProbabilitiesOfAModelWithinAMaskedOne() throws IOException {
        try (Student student = student(file("folds.h5"))) {
            float[][] ours = student.predict(rows("keras/pixels", 3 * 12 * 12));

            for (float[] row : ours) {
                row[1] *= 1e-7f;
            }
            assertThat(largest(ours, golden("folds/masked"))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void givesTheLogitsThatTimmReadsOffGooglesFile() throws IOException {
        try (Student student = student(file("google.npz"))) {
            assertThat(student.architecture()).isEqualTo(new Architecture(16, 8, 16, 2, 2, 24, 1e-6));
            assertThat(largest(student.logits(rows("google/pixels", 3 * 16 * 16)), golden("google/logits")))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void givesTheLogitsOfAFolderWithAPickle() throws IOException {
        try (Student student = student(file("bin"))) {
            assertThat(largest(student.logits(rows("google/pixels", 3 * 16 * 16)), golden("bin/logits")))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void computesAsBeforeWhenItIsWrittenAsAFolder() throws IOException {
        StudentFolder keras = StudentFolder.read(file("keras.h5"));

        StudentFolder.write(folder, keras.architecture(), keras.pixels(), FloatBuffer.wrap(keras.weights()));

        assertThat(StudentFolder.read(folder).architecture()).isEqualTo(keras.architecture());
        try (Student student = student(folder)) {
            assertThat(largest(student.predict(rows("keras/pixels", 3 * 12 * 12)), golden("keras/probabilities")))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void learnsThroughTheApproximatedGelu() throws IOException {
        StudentFolder keras = StudentFolder.read(file("keras.h5"));
        float[] weights = keras.weights();
        List<float[]> pixels = rows("keras/pixels", 3 * 12 * 12);
        List<float[]> targets =
                List.of(new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1}, new float[] {1, 0, 0});
        int bias = keras.architecture().weights().stream()
                .filter(weight -> weight.name().equals("head.hidden.bias"))
                .findFirst()
                .orElseThrow()
                .offset();
        try (Training training = Training.from(TrainingState.begin(keras), Device.cpu(), Precision.FP32)) {
            training.accumulate(pixels, targets, 1, 1, false);
            float[] gradient = training.gradient();

            for (int i = bias; i < bias + 8; i++) {
                double slope = (loss(keras, weights, i, 1e-2f, pixels, targets)
                                - loss(keras, weights, i, -1e-2f, pixels, targets))
                        / 2e-2;
                assertThat((double) gradient[i]).isCloseTo(slope, within(2e-4));
            }
        }
    }

    private double loss(
            StudentFolder like, float[] weights, int place, float by, List<float[]> pixels, List<float[]> targets)
            throws IOException {
        float[] moved = weights.clone();
        moved[place] += by;
        StudentFolder.write(folder, like.architecture(), like.pixels(), FloatBuffer.wrap(moved));
        double loss = 0;
        try (Student student = student(folder)) {
            float[][] p = student.predict(pixels);
            for (int i = 0; i < p.length; i++) {
                for (int c = 0; c < 3; c++) {
                    loss -= targets.get(i)[c] * Math.log(p[i][c]) / p.length;
                }
            }
        }
        return loss;
    }

    @Test
    void beginsAtAnotherResolutionFromGooglesFileWithItsHead() throws IOException {
        Architecture larger = new Architecture(32, 8, 16, 2, 2, 24, 1e-6);

        float[] begun = StudentFolder.adapted(file("google.npz"), larger, false, 5);

        StudentFolder small = StudentFolder.read(file("google.npz"));
        float[] table = of(small.architecture(), small.weights(), "vit.embeddings.position_embeddings");
        assertThat(of(larger, begun, "vit.embeddings.position_embeddings")).isEqualTo(Positions.fit(table, 16, 2, 4));
        for (String same : List.of("vit.encoder.layer.1.attention.output.dense.weight", "classifier.weight")) {
            assertThat(of(larger, begun, same))
                    .isEqualTo(of(small.architecture(), small.weights(), same))
                    .isNotEqualTo(of(larger, RandomWeights.of(larger, 5), same));
        }
    }

    @Test
    void beginsWithANewHeadFromWeightsOfImageNet21k() throws IOException {
        Architecture dense = new Architecture(16, 8, 16, 2, 2, 24, 1e-6, 7);

        float[] begun = StudentFolder.adapted(file("imagenet21k.npz"), dense, false, 5);

        StudentFolder google = StudentFolder.read(file("google.npz"));
        String encoder = "vit.encoder.layer.0.attention.attention.key.weight";
        assertThat(of(dense, begun, encoder)).isEqualTo(of(google.architecture(), google.weights(), encoder));
        assertThat(of(dense, begun, "head.hidden.weight"))
                .isEqualTo(of(dense, RandomWeights.of(dense, 5), "head.hidden.weight"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StudentFolder.read(file("imagenet21k.npz")))
                .withMessageContaining("sorts into 0 classes")
                .withMessageContaining("a student can start from it");
    }

    @Test
    void keepsThePublishedHeadAndItsGeluForAStudentThatBeginsFromIt() throws IOException {
        Architecture found = StudentFolder.shape(file("keras.h5"));
        Architecture named = new Architecture(24, 4, 64, 2, 1, 32, 1e-12, 8);

        Architecture wanted = named.beginningFrom(found);

        assertThat(wanted).isEqualTo(new Architecture(24, 4, 64, 2, 1, 32, 1e-6, 8, true));
        assertThat(of(wanted, StudentFolder.adapted(file("keras.h5"), wanted, false, 5), "head.output.weight"))
                .isEqualTo(of(found, StudentFolder.read(file("keras.h5")).weights(), "head.output.weight"));
    }

    /** A head of attention is 64 wide in every ViT of Dosovitskiy et al.; Keras has no other trace of their number. */
    @Test
    void countsTheHeadsOfKerasByTheirWidth() throws IOException {
        Path file = copy("keras.h5", "twice.h5", 2);

        assertThat(StudentFolder.shape(file).heads()).isEqualTo(2);
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Path file = folder.resolve("headless.npz");
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        float[] values;
        try (Weights google = WeightsFile.open(file("google.npz"))) {
            FloatBuffer all = FloatBuffer.allocate(1 << 20);
            for (TensorEntry entry : google.tensors().values()) {
                if (!entry.name().contains("encoderblock_1/LayerNorm_2/bias")) {
                    shapes.put(entry.name(), longs(entry.shape()));
                    google.floats(entry.name(), all);
                }
            }
            values = Arrays.copyOf(all.array(), all.position());
        }
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, shapes, Map.of())) {
            writer.write(FloatBuffer.wrap(values));
        }

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StudentFolder.read(file))
                .withMessageContaining("vit.encoder.layer.1.layernorm_after.bias must be [16], and is missing");
    }

    @Test
    void refusesAFileOfSomethingElse() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StudentFolder.read(file("golden.safetensors")))
                .withMessageContaining("patch_embeddings.projection.weight must have 4 dimensions, and is missing");
    }

    /** Names and shapes that do not belong together are told as what they are, before any room is made for them. */
    @ParameterizedTest
    @ValueSource(strings = {"keras.h5", "google.npz"})
    void answersDamageWithWeightsOrWithARefusal(String name) throws IOException {
        byte[] whole = Files.readAllBytes(file(name));
        Random random = new Random(1);
        int refused = 0;
        for (int run = 0; run < 200; run++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 8; i++) {
                int at = 8 + random.nextInt(damaged.length - 8);
                // What is told of the tensors, rather than their values: digits and letters.
                if ((damaged[at] >= '0' && damaged[at] <= 'z') || damaged[at] == 0) {
                    damaged[at] ^= (byte) (1 << random.nextInt(6));
                }
            }
            Path file = Files.write(folder.resolve(name), damaged);
            try {
                StudentFolder read = StudentFolder.read(file);
                assertThat(read.weights()).hasSize(read.architecture().weightCount());
                assertThat(4L * read.architecture().weightCount()).isLessThanOrEqualTo(damaged.length);
            } catch (IOException e) {
                refused++;
                assertThat(e).hasMessageContaining(file.toString());
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void knowsWhereTheWeightsLie() throws IOException {
        assertThat(StudentFolder.weightsFile(file("keras.h5"))).isEqualTo(file("keras.h5"));
        assertThat(StudentFolder.weightsFile(file("bin"))).isEqualTo(file("bin").resolve("pytorch_model.bin"));
        assertThat(StudentFolder.weightsFile(Golden.file("vit")))
                .isEqualTo(Golden.file("vit").resolve("model.safetensors"));
    }

    @Test
    void knowsAFileByItsName() throws IOException {
        assertThat(StudentFolder.isOneFile(file("keras.h5"))).isTrue();
        assertThat(StudentFolder.isOneFile(file("google.npz"))).isTrue();
        assertThat(StudentFolder.isOneFile(file("golden.safetensors"))).isFalse();
        assertThat(StudentFolder.isOneFile(Files.createDirectory(folder.resolve("folder.h5"))))
                .isFalse();
    }

    /** A model so many times as wide, of zeros; safetensors, which is as good a container for its names. */
    private Path copy(String name, String to, int times) throws IOException {
        Path file = folder.resolve(to);
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        long total = 0;
        try (Weights keras = WeightsFile.open(file(name))) {
            for (TensorEntry entry : keras.tensors().values()) {
                long[] shape = entry.shape().stream()
                        .mapToLong(size -> size == 64 ? 64L * times : size)
                        .toArray();
                shapes.put(entry.name(), shape);
                total += Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            }
        }
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, shapes, Map.of())) {
            writer.write(FloatBuffer.allocate((int) total));
        }
        return file;
    }

    private static Student student(Path path) throws IOException {
        return Student.load(path, Device.cpu(), Precision.FP32);
    }

    private static float[] of(Network a, float[] all, String name) {
        Weight weight = a.weights().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(all, weight.offset(), weight.offset() + weight.length());
    }

    private static double largest(float[][] ours, float[] theirs) {
        double largest = 0;
        assertThat(theirs).hasSize(3 * ours.length);
        for (int i = 0; i < theirs.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i / 3][i % 3] - theirs[i]));
        }
        return largest;
    }

    private static List<float[]> rows(String tensor, int length) throws IOException {
        float[] flat = golden(tensor);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < flat.length; i += length) {
            rows.add(Arrays.copyOfRange(flat, i, i + length));
        }
        return rows;
    }

    private static float[] golden(String tensor) throws IOException {
        try (Safetensors golden = Safetensors.open(file("golden.safetensors"))) {
            return golden.floats(tensor);
        }
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static Path file(String name) {
        return Golden.file("published/" + name);
    }
}
