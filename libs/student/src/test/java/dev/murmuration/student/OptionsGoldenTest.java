package dev.murmuration.student;

import static dev.murmuration.student.Golden.array;
import static dev.murmuration.student.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Photo;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.Crop;
import dev.murmuration.student.pixels.Mixup;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published head, noise, distillation and other resolutions against transformers, timm and PyTorch:
 * {@code tools/student_options_golden.py}.
 */
class OptionsGoldenTest {

    private static final Optimizer ADAMW = new Optimizer(false, 1e9, .9, .999, 1e-6, .1, 1);
    private static final Optimizer RADAM = new Optimizer(true, 1e9, .9, .999, 1e-6, 0, 1);

    @TempDir
    private Path folder;

    @BeforeAll
    static void onOneThreadDropoutDrawsAlike() {
        Torch.threads(1);
    }

    @Test
    void givesTheLogitsOfThePublishedHead() throws IOException {
        try (Student student = Student.load(Golden.file("dense"), Device.cpu(), Precision.FP32)) {
            assertThat(student.architecture().name()).isEqualTo("vit-16x2x2x24-8-16-dense5");
            assertClose(flat(student.logits(images())), option("dense/logits"), 1e-5);
        }
    }

    @Test
    void hasTheGradientsOfTheKullbackLeiblerDivergenceAtATemperature() throws IOException {
        List<float[]> softened = softened(2);
        try (Training training = training()) {
            float loss = training.accumulate(images(), softened, 1, 2, false);

            double entropy = 0;
            for (float[] row : softened) {
                for (float p : row) {
                    entropy -= p * Math.log(p) / softened.size();
                }
            }
            assertThat(loss - 4 * entropy).isCloseTo(option("dense/loss")[0], within(1e-5));
            assertClose(training.gradient(), expected("dense/gradient/"), 1e-5);
        }
    }

    @Test
    void leavesOutBranchesAsTold() throws IOException {
        try (Training training = training()) {
            training.accumulate(images(), teacher(), 1, 1, false, new Noise(0, paths()));

            assertClose(training.gradient(), expected("paths/gradient/"), 1e-5);
        }
    }

    @Test
    void dropsWhatPyTorchDropsFromTheSameSeed() throws IOException {
        try (Training training = training()) {
            training.accumulate(images(), teacher(), 1, 1, false); // The seed alone decides, not what was drawn before.
            training.update(ADAMW, 0, 1, 1);
            Torch.seed(123);
            training.accumulate(images(), teacher(), 1, 1, false, new Noise(.1, paths()));

            assertClose(training.gradient(), expected("noise/gradient/"), 1e-5);
        }
    }

    @Test
    void movesAllWeightsInThreeStepsOfTwoBatchesEach() throws IOException {
        try (Training training = training()) {
            for (int step = 1; step <= 3; step++) {
                training.accumulate(images(), teacher(), .5, 1, false);
                training.accumulate(images(), teacher(), .5, 1, false);
                training.update(ADAMW, 2e-3, step, .9);
            }

            assertClose(array(training.state().weights()), expected("dense/adamw/"), 1e-4);
        }
    }

    @Test
    void movesOnlyTheDenseHeadInTheFirstStage() throws IOException {
        Network architecture = StudentFolder.read(Golden.file("dense")).architecture();
        float[] before = StudentFolder.read(Golden.file("dense")).weights();
        try (Training training = training()) {
            for (int step = 1; step <= 8; step++) {
                training.accumulate(images(), teacher(), 1, 1, true);
                training.update(RADAM, 1e-2, step, .9);
            }

            float[] after = array(training.state().weights());
            float[] expected = expected("dense/head/");
            int head = architecture.weights().stream()
                    .filter(Weight::isHead)
                    .findFirst()
                    .orElseThrow()
                    .offset();
            assertThat(Arrays.copyOf(after, head)).isEqualTo(Arrays.copyOf(before, head));
            assertClose(
                    Arrays.copyOfRange(after, head, after.length),
                    Arrays.copyOfRange(expected, head, expected.length),
                    1e-4);
        }
    }

    @Test
    void smoothsAndWeighsAsPublished() throws IOException {
        float[] counts = {50, 100, 150};
        int[] classes = {0, 1, 2, 2};
        List<float[]> targets = new ArrayList<>();
        for (int c : classes) {
            float[] row = new float[3];
            for (int i = 0; i < 3; i++) {
                row[i] = 300 / (3 * counts[c]) * (.2f / 3 + (i == c ? .8f : 0));
            }
            targets.add(row);
        }
        try (Training training = training()) {
            assertThat(training.accumulate(images(), targets, 1, 1, false))
                    .isCloseTo(option("paper/loss")[0], within(1e-5f));
        }
    }

    @Test
    void readsAPublishedHeadThatItWrote() throws IOException {
        StudentFolder first = StudentFolder.read(Golden.file("dense"));

        StudentFolder.write(folder, first.architecture(), first.pixels(), FloatBuffer.wrap(first.weights()));

        StudentFolder second = StudentFolder.read(folder);
        assertThat(second.architecture()).isEqualTo(first.architecture());
        assertThat(second.weights()).isEqualTo(first.weights());
    }

    @ParameterizedTest
    @CsvSource({"3, 5", "5, 3", "7, 12"})
    void fitsPositionsAsPyTorchInterpolates(int from, int to) throws IOException {
        float[] fitted = Positions.fit(option("positions/" + from), 6, from, to);

        assertClose(fitted, option("positions/%dto%d".formatted(from, to)), 1e-5);
    }

    @Test
    void givesTheLogitsOfTransformersAtAnotherResolution() throws IOException {
        Architecture wanted = StudentFolder.shape(Golden.file("big"));
        Architecture larger = new Architecture(40, 8, 16, 2, 2, 24, wanted.eps());
        float[] weights = StudentFolder.adapted(Golden.file("big"), larger, false, 1);
        StudentFolder.write(folder, larger, Pixels.symmetric(40, Resize.PILLOW_BILINEAR), FloatBuffer.wrap(weights));

        try (Student student = Student.load(folder, Device.cpu(), Precision.FP32)) {
            float[][] logits = student.logits(Golden.optionRows("positions/pixels", 3 * 40 * 40));

            assertClose(flat(logits), option("positions/logits"), 1e-5);
        }
    }

    @Test
    void beginsANewHeadOnAnEncoderThatFits() throws IOException {
        Architecture dense = new Architecture(16, 8, 16, 2, 2, 24, 1e-6, 7);

        float[] adapted = StudentFolder.adapted(Golden.file("dense"), dense, false, 5);

        float[] whole = StudentFolder.read(Golden.file("dense")).weights();
        float[] random = RandomWeights.of(dense, 5);
        int head = dense.weights().stream()
                .filter(Weight::isHead)
                .findFirst()
                .orElseThrow()
                .offset();
        assertThat(Arrays.copyOf(adapted, head)).isEqualTo(Arrays.copyOf(whole, head));
        assertThat(Arrays.copyOfRange(adapted, head, adapted.length))
                .isEqualTo(Arrays.copyOfRange(random, head, random.length));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsAHeadThatFitsUnlessTold(boolean newHead) throws IOException {
        StudentFolder dense = StudentFolder.read(Golden.file("dense"));

        float[] adapted = StudentFolder.adapted(Golden.file("dense"), dense.architecture(), newHead, 5);

        assertThat(Arrays.equals(adapted, dense.weights())).isEqualTo(!newHead);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cropsAndMirrorsAsPillow(int number) throws IOException {
        int[][] frames = {{3, 5, 30, 20}, {10, 0, 43, 37}};
        int[] f = frames[number];
        Photo photo = new PhotoDecoder(Limits.pixels(10_000)).decode(Files.readAllBytes(file("photo.png")));

        float[] part = Resize.PILLOW_BILINEAR.apply(new Crop(f[0], f[1], f[2], f[3], false).of(photo), 16);

        assertThat(part).isEqualTo(option("crop/" + number));
    }

    @Test
    void showsACropOfASquashedPhotoMirrored() throws PhotoException, IOException {
        Pixels pixels = Pixels.positive(16, Resize.PILLOW_BILINEAR);
        byte[] kept = pixels.squash(Files.readAllBytes(file("photo.png")), 24);

        float[] plain = pixels.of(kept, 24, new Crop(2, 3, 20, 18, false));
        float[] mirrored = pixels.of(kept, 24, new Crop(2, 3, 20, 18, true));

        for (int row = 0; row < 3 * 16; row++) {
            for (int x = 0; x < 16; x++) {
                assertThat(mirrored[row * 16 + x]).isEqualTo(plain[row * 16 + 15 - x]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pillow-bilinear, jpeg/pillow", "tf-bilinear, jpeg/tf"})
    void decodesAndResizesAJpegWithinOneStepOfItsReference(String resize, String reference) throws IOException {
        byte[] jpeg = Files.readAllBytes(file("photo.jpg"));

        Photo photo = new PhotoDecoder(Limits.pixels(1_000_000)).decode(jpeg);
        float[] ours = Resize.named(resize).apply(photo, 32);

        float[] theirs = option(reference);
        double sum = 0;
        for (int i = 0; i < ours.length; i++) {
            sum += Math.abs(ours[i] - theirs[i]);
        }
        assertThat(ours).hasSameSizeAs(theirs);
        assertThat(sum / ours.length).isLessThan(1);
    }

    @Test
    void mixesAsTimm() throws IOException {
        assertClose(flat(Mixup.mix(images(), .7)), option("mixup/pixels"), 1e-6);
        assertClose(flat(Mixup.mix(teacher(), .7)), option("mixup/targets"), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(doubles = {.2, .8, 3})
    void drawsSharesFromABeta(double alpha) {
        SplittableRandom random = new SplittableRandom(1);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 20_000; i++) {
            double share = Mixup.share(alpha, random);
            assertThat(share).isBetween(0., 1.);
            sum += share / 20_000;
            squares += (share - .5) * (share - .5) / 20_000;
        }

        // Beta(a, a) has mean 1/2 and variance 1 / (4 (2 a + 1)).
        assertThat(sum).isCloseTo(.5, within(.02));
        assertThat(squares).isCloseTo(1 / (4 * (2 * alpha + 1)), within(.01));
    }

    @Test
    void drawsCropsOfTheAskedAreaAndAspect() {
        SplittableRandom random = new SplittableRandom(1);
        double smallest = 1;
        int mirrored = 0;
        for (int i = 0; i < 2000; i++) {
            Crop crop = Crop.drawn(100, .3, true, random);
            assertThat(crop.x() + crop.width()).isBetween(1, 100);
            assertThat(crop.y() + crop.height()).isBetween(1, 100);
            assertThat((double) crop.width() / crop.height()).isBetween(.7, 1.4);
            smallest = Math.min(smallest, crop.width() * crop.height() / 1e4);
            mirrored += crop.mirrored() ? 1 : 0;
        }
        assertThat(smallest).isBetween(.28, .33);
        assertThat(mirrored).isBetween(900, 1100);
        assertThat(Crop.drawn(100, 1, false, random).mirrored()).isFalse();
    }

    @Test
    void leavesOutDeeperBranchesMoreOftenAndKeepsTheMean() {
        Architecture deep = new Architecture(16, 8, 16, 5, 2, 24, 1e-6);

        Noise noise = Noise.drawn(deep, 4000, 0, .4, new SplittableRandom(1));

        assertThat(noise.paths()).hasSize(10);
        for (int branch = 0; branch < 10; branch++) {
            double left = 0;
            double mean = 0;
            for (float factor : noise.paths().get(branch)) {
                left += factor == 0 ? 1 / 4000. : 0;
                mean += factor / 4000.;
            }
            int layer = branch / 2;
            assertThat(left).isCloseTo(.1 * layer, within(.03));
            assertThat(mean).isCloseTo(1, within(.06));
        }
    }

    private static Path file(String name) {
        return Golden.file(name);
    }

    private static Training training() throws IOException {
        return Training.from(
                TrainingState.begin(StudentFolder.read(Golden.file("dense"))), Device.cpu(), Precision.FP32);
    }

    private static float[] option(String tensor) throws IOException {
        return Golden.values("options.safetensors", tensor);
    }

    private static float[] expected(String prefix) throws IOException {
        return Golden.vector(
                "options.safetensors",
                prefix,
                StudentFolder.read(Golden.file("dense")).architecture());
    }

    private static List<float[]> images() throws IOException {
        return Golden.optionRows("pixels", 3 * 16 * 16);
    }

    private static List<float[]> teacher() throws IOException {
        return Golden.optionRows("teacher", 3);
    }

    private static List<float[]> paths() throws IOException {
        return Golden.optionRows("paths", 4);
    }

    private static List<float[]> softened(double temperature) throws IOException {
        List<float[]> rows = teacher();
        for (float[] row : rows) {
            double sum = 0;
            for (float p : row) {
                sum += Math.pow(p, 1 / temperature);
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (Math.pow(row[i], 1 / temperature) / sum);
            }
        }
        return rows;
    }

    private static float[] flat(List<float[]> rows) {
        return flat(rows.toArray(float[][]::new));
    }

    private static float[] flat(float[][] rows) {
        FloatBuffer flat = FloatBuffer.allocate(rows.length * rows[0].length);
        for (float[] row : rows) {
            flat.put(row);
        }
        return flat.array();
    }
}
