package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {

    private static final Architecture SMALL = new Architecture(16, 8, 8, 2, 2, 12, 1e-6);
    private static final Optimizer ADAMW = new Optimizer(false, 1, .9, .999, 1e-8, .05, 1);
    private static final Optimizer RADAM = new Optimizer(true, 1, .9, .999, 1e-8, 0, 1);
    private static final List<float[]> IMAGES = randomRows(6, SMALL.pixels());
    private static final List<float[]> TARGETS = targets(6);

    private static final String STATE = "state.safetensors";
    private static final String STUDENT = "student";
    private static final List<String> ALL = List.of("weights", "average", "first_moment", "second_moment");

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThreadFloatsAddUpAlike() {
        Torch.threads(1);
    }

    @Test
    void movesEachWeightAndMomentAndAverage() {
        try (Training training = begin()) {
            List<float[]> before = vectors(training.state());

            steps(training, ADAMW, 1, 2, false);

            List<float[]> after = vectors(training.state());
            for (Weight weight : SMALL.weights()) {
                // Adding one number to every key changes no attention, so the key's bias has no gradient but noise.
                if (!weight.name().endsWith("key.bias")) {
                    for (int i = 0; i < after.size(); i++) {
                        assertThat(part(after.get(i), weight))
                                .as("vector %d of %s", i, weight.name())
                                .isNotEqualTo(part(before.get(i), weight));
                    }
                }
            }
        }
    }

    @Test
    void sharesNoStorageBetweenItsVectors() {
        try (Training training = begin()) {
            steps(training, ADAMW, 1, 1, false);
            List<float[]> vectors = vectors(training.state());

            steps(training, ADAMW, 2, 2, false);

            for (int a = 0; a < vectors.size(); a++) {
                for (int b = a + 1; b < vectors.size(); b++) {
                    assertThat(vectors(training.state()).get(a))
                            .isNotEqualTo(vectors(training.state()).get(b));
                }
            }
        }
    }

    @Test
    void keepsTheAverageWhereItsDecayIsOne() {
        try (Training training = begin()) {
            float[] before = vectors(training.state()).get(1);
            training.accumulate(IMAGES, TARGETS, 1, 1, false);
            training.update(ADAMW, 1e-2, 1, 1);

            assertThat(vectors(training.state()).get(1)).isEqualTo(before);
            assertThat(vectors(training.state()).get(0)).isNotEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void movesOnlyTheHeadInTheFirstStage(boolean rectified) {
        try (Training training = begin()) {
            List<float[]> before = vectors(training.state());

            steps(training, rectified ? RADAM : ADAMW, 1, 8, true);

            List<float[]> after = vectors(training.state());
            for (Weight weight : SMALL.weights()) {
                assertThat(Arrays.equals(part(after.getFirst(), weight), part(before.getFirst(), weight)))
                        .as(weight.name())
                        .isEqualTo(!weight.name().startsWith("classifier"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void learnsSixImagesByHeart(Precision precision) {
        try (Training training = Training.begin(SMALL, Device.cpu(), precision, 1)) {
            float first = training.accumulate(IMAGES, TARGETS, 0, 1, false);
            steps(training, ADAMW, 1, 150, false);

            float last = training.accumulate(IMAGES, TARGETS, 0, 1, false);

            assertThat(first).isGreaterThan(.9f);
            assertThat(last).isLessThan(.56f); // .5506 is the entropy of the targets
            float[][] predicted = training.predict(IMAGES);
            assertThat(predicted[1][1]).isGreaterThan(.6f);
        }
    }

    @Test
    void goesOnBitForBitFromASavedState() throws IOException {
        try (Training training = begin()) {
            steps(training, ADAMW, 1, 3, false);
            save(training);
            steps(training, ADAMW, 4, 6, false);
            assertGoesOnAs(training);
        }
    }

    /** As all were written once: with the average among the others, and nothing beside. */
    @Test
    void goesOnFromAStateThatHasTheAverageInIt() throws IOException {
        try (Training training = begin()) {
            steps(training, ADAMW, 1, 3, false);
            List<float[]> vectors = vectors(training.state());
            SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
            ALL.forEach(name -> shapes.put(name, new long[] {SMALL.weightCount()}));
            Map<String, String> of = Map.of("architecture", SMALL.name());
            try (SafetensorsWriter writer = SafetensorsWriter.create(folder.resolve(STATE), shapes, of)) {
                for (float[] vector : vectors) {
                    writer.write(FloatBuffer.wrap(vector));
                }
            }
            steps(training, ADAMW, 4, 6, false);
            assertGoesOnAs(training);
        }
    }

    private void assertGoesOnAs(Training training) throws IOException {
        TrainingState state = TrainingState.read(folder.resolve(STATE), folder.resolve(STUDENT), SMALL);
        try (Training resumed = Training.from(state, Device.cpu(), Precision.FP32)) {
            steps(resumed, ADAMW, 4, 6, false);

            assertThat(vectors(resumed.state())).usingRecursiveComparison().isEqualTo(vectors(training.state()));
        }
    }

    private void save(Training training) throws IOException {
        training.writeStudent(
                StudentFiles.in(Files.createDirectory(folder.resolve(STUDENT))),
                Pixels.symmetric(training.architecture().side(), Resize.PILLOW_BILINEAR));
        try (OutputStream out = Files.newOutputStream(folder.resolve(STATE))) {
            training.write(out);
        }
    }

    @Test
    void refusesTheStateOfAnotherArchitecture() throws IOException {
        try (Training training = begin()) {
            save(training);
        }

        assertThatThrownBy(() -> read(new Architecture(16, 8, 8, 1, 2, 12, 1e-6)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("state.safetensors: is of %s, not of".formatted(SMALL.name()));
        assertThatThrownBy(() -> read(new Architecture(16, 8, 8, 3, 2, 12, 1e-6)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not of");
    }

    @Test
    void refusesAStateBesideAnotherStudent() throws IOException {
        try (Training training = begin()) {
            save(training);
        }
        Architecture other = new Architecture(16, 8, 8, 1, 2, 12, 1e-6);
        StudentFolder.write(
                folder.resolve(STUDENT),
                other,
                Pixels.symmetric(other.side(), Resize.PILLOW_BILINEAR),
                FloatBuffer.allocate(other.weightCount()));

        assertThatThrownBy(() -> read(SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("student: is a %s, not a %s".formatted(other.name(), SMALL.name()));
    }

    @Test
    void refusesAStateWhoseVectorsAreOfAnotherLength() throws IOException {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        ALL.forEach(name -> shapes.put(name, new long[] {3}));
        Map<String, String> of = Map.of("architecture", SMALL.name());
        try (SafetensorsWriter writer = SafetensorsWriter.create(folder.resolve(STATE), shapes, of)) {
            writer.write(FloatBuffer.allocate(12));
        }

        assertThatThrownBy(() -> read(SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("weights has 3 values");
    }

    private TrainingState read(Architecture architecture) throws IOException {
        return TrainingState.read(folder.resolve(STATE), folder.resolve(STUDENT), architecture);
    }

    private static List<Pixels> forms() {
        return List.of(
                Pixels.symmetric(16, Resize.PILLOW_BILINEAR),
                Pixels.positive(16, Resize.PILLOW_BILINEAR),
                new Pixels(16, Resize.PILLOW_BILINEAR, List.of(.485, .456, .406), List.of(.229, .224, .225)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void seesTheSameBitsInBytesAsInValues(Pixels form) {
        Random random = new Random(1);
        List<byte[]> photos = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            photos.add(new byte[SMALL.pixels()]);
            random.nextBytes(photos.getLast());
        }
        List<float[]> values =
                photos.stream().map(photo -> form.of(photo, false)).toList();
        BatchPixels bytes = new BatchPixels.Bytes(photos, form);
        try (Training training = begin();
                Training expected = begin()) {
            float loss = training.accumulate(bytes, TARGETS, 1, 1, false, Noise.NONE);

            assertThat(loss).isEqualTo(expected.accumulate(values, TARGETS, 1, 1, false));
            assertThat(training.gradient()).isEqualTo(expected.gradient());
            assertThat(training.predict(bytes)).isEqualTo(expected.predict(values));
        }
    }

    @Test
    void countsTheLossesOfAnUpdateThatIsQueued() {
        try (Training training = begin();
                Training expected = begin()) {
            BatchPixels images = new BatchPixels.Values(IMAGES);
            for (int from = 0; from < 6; from += 2) {
                try (StagedBatch batch =
                        training.stage(images.part(from, from + 2), TARGETS.subList(from, from + 2), Noise.NONE)) {
                    training.queueGradient(batch, 1 / 3., 1, false);
                }
            }
            Training.StepNumbers numbers = training.queueUpdate(ADAMW, 1e-2, 1, .9);

            for (int from = 0; from < 6; from += 2) {
                float loss = expected.accumulate(
                        IMAGES.subList(from, from + 2), TARGETS.subList(from, from + 2), 1 / 3., 1, false);
                assertThat(numbers.losses()[from / 2]).isEqualTo(loss);
            }
            assertThat(numbers.losses()).hasSize(3);
            assertThat(numbers.norm()).isEqualTo(expected.update(ADAMW, 1e-2, 1, .9));
        }
    }

    @Test
    void stagesNothingWhenItIsClosed() {
        Training training = begin();
        training.close();

        assertThatThrownBy(() -> training.stage(new BatchPixels.Values(IMAGES), TARGETS, Noise.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void movesNothingByAGradientThatIsNotFinite() {
        try (Training training = begin()) {
            List<float[]> before = vectors(training.state());
            List<float[]> broken = new ArrayList<>(IMAGES);
            broken.set(3, new float[SMALL.pixels()]);
            broken.get(3)[5] = Float.NaN;

            float loss = training.accumulate(broken, TARGETS, 1, 1, false);
            float norm = training.update(ADAMW, 1e-2, 1, .9);

            assertThat(loss).isNaN();
            assertThat(norm).isNaN();
            assertThat(vectors(training.state())).usingRecursiveComparison().isEqualTo(before);
            training.accumulate(IMAGES, TARGETS, 1, 1, false);
            for (float value : training.gradient()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void predictsByTheAverageOfNow() {
        try (Training training = begin()) {
            float[][] before = training.predict(IMAGES);
            steps(training, ADAMW, 1, 5, false);

            float[][] after = training.predict(IMAGES);

            assertThat(after).isNotEqualTo(before);
        }
    }

    @Test
    void beginsEqualFromEqualSeeds() {
        assertThat(RandomWeights.of(SMALL, 1))
                .isEqualTo(RandomWeights.of(SMALL, 1))
                .isNotEqualTo(RandomWeights.of(SMALL, 2));
    }

    private static Training begin() {
        return Training.begin(SMALL, Device.cpu(), Precision.FP32, 1);
    }

    private static void steps(Training training, Optimizer optimizer, int first, int last, boolean headOnly) {
        for (int step = first; step <= last; step++) {
            training.accumulate(IMAGES, TARGETS, 1, 1, headOnly);
            training.update(optimizer, 1e-2, step, .9);
        }
    }

    private static List<float[]> vectors(TrainingState state) {
        List<float[]> vectors = new ArrayList<>();
        for (StudentFolder.Vector vector : state.vectors()) {
            FloatBuffer values = FloatBuffer.allocate(SMALL.weightCount());
            try {
                vector.read(values);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            vectors.add(values.array());
        }
        return vectors;
    }

    private static float[] part(float[] vector, Weight weight) {
        return Arrays.copyOfRange(vector, weight.offset(), weight.offset() + weight.length());
    }

    private static List<float[]> randomRows(int count, int length) {
        Random random = new Random(7);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[length];
            for (int k = 0; k < length; k++) {
                row[k] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<float[]> targets(int count) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = {.08f, .08f, .08f};
            row[i % 3] = .84f;
            rows.add(row);
        }
        return rows;
    }
}
