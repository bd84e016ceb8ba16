package dev.murmuration.student;

import static dev.murmuration.student.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.murmuration.programs.TorchProgram;
import dev.murmuration.student.network.ConvNet;
import dev.murmuration.student.network.Weight;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.weights.safetensors.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The predecessors' networks against PyTorch, on small random ones in the published layouts: {@code tools/caffe_golden.py}. */
class ConvNetGoldenTest {

    private static final String CAFFENET = "caffenet.caffemodel";
    private static final String HYBRID = "hybrid_finetuned_all";
    private static final String VGG19 = "vgg19_finetuned_fc6+.caffemodel";
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        HYBRID + ", hybrid",
        VGG19 + ", vgg19",
        "hybrid_state.pth, hybrid",
        "hybrid_finetuned_fc6+.pth, hybrid",
        "vgg19_finetuned_all.pth, vgg19",
        "hybrid_tensorflow.npy, hybrid",
        "hybrid_grid_tensorflow.npy, hybrid_grid",
        "vgg19_tensorflow.npy, vgg19"
    })
    void givesTheLogitsOfPyTorch(String model, String golden) throws IOException {
        try (Student student = load(model)) {
            assertClose(flat(student.logits(images(golden, "images"))), values(golden + "/logits"), TOLERANCE);
        }
    }

    /** The two classes that Campos et al. have; neutral has no part in it. */
    @ParameterizedTest
    @ValueSource(strings = {CAFFENET, "caffenet_conv.caffemodel", "caffenet_tensorflow.npy"})
    void givesTheTwoLogitsOfCaffeNetAndNoNeutral(String model) throws IOException {
        try (Student student = load(model)) {
            float[][] probabilities = student.predict(List.of(kept()));

            float[] golden = values("caffenet/centre");
            assertThat(probabilities[0][0]).isCloseTo(golden[0], within(1e-4f));
            assertThat(probabilities[0][1]).isZero();
            assertThat(probabilities[0][2]).isCloseTo(golden[1], within(1e-4f));
        }
    }

    @Test
    void averagesTheTenCropsOfCaffe() throws IOException {
        try (Student student = Student.load(file(CAFFENET), Device.cpu(), Precision.FP32, true)) {
            float[] golden = values("caffenet/ten");

            float[][] probabilities = student.predict(List.of(kept(), kept()));

            for (float[] one : probabilities) {
                assertThat(one[0]).isCloseTo(golden[0], within(1e-4f));
                assertThat(one[2]).isCloseTo(golden[1], within(1e-4f));
            }
            assertThat(values("caffenet/centre")[0]).isNotCloseTo(golden[0], within(1e-3f));
        }
    }

    @Test
    void refusesTenCropsOfANetworkThatSeesWholePhotos() {
        assertThatThrownBy(() -> Student.load(file(HYBRID), Device.cpu(), Precision.FP32, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sees whole photos");
    }

    /** The fully convolutional form over images that are wide enough for 2 by 2 answers. */
    @ParameterizedTest
    @CsvSource({CAFFENET + ", caffenet, 99", HYBRID + ", hybrid, 96", VGG19 + ", vgg19, 64"})
    void givesTheAnswersOfTheFullyConvolutionalForm(String model, String golden, int side) throws IOException {
        StudentFolder published = StudentFolder.read(file(model));
        float[] regions = regions(
                program(published), published, side, images(golden, "wide").getFirst());

        float[] expected = values(golden + "/regions");
        int cells = 4;
        int classes = expected.length / cells;
        for (int cell = 0; cell < cells; cell++) {
            assertThat(regions[cell]).isCloseTo(expected[cell], within(1e-4f));
            assertThat(regions[2 * cells + cell]).isCloseTo(expected[(classes - 1) * cells + cell], within(1e-4f));
        }
    }

    @Test
    void mapsAPhotoToEightByEightAnswers() throws IOException {
        try (Student student = load(CAFFENET)) {
            Pixels wide = student.widePixels().orElseThrow();
            float[] grey = new float[3 * wide.side() * wide.side()];

            float[][][] regions = student.regions(grey);

            assertThat(wide.side()).isEqualTo(67 + 7 * 32);
            assertThat(regions).hasDimensions(8, 8);
            assertThat(regions[7][0][0] + regions[7][0][2]).isCloseTo(1, within(1e-5f));
            assertThat(regions[7][0][1]).isZero();
        }
    }

    /**
     * What must not change: each of these networks runs, and gives other answers; or it no longer fits its own weights, which
     * libtorch says.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the groups of a convolution         | hybrid   | F.conv2d(x, weight, bias, [4         | F.conv2d(x.channel_shuffle([1, 2, 1, 2, 2][i]), weight, bias, [4",
                "the padding of the second           | hybrid   | [0, 2, 1, 1, 1][i]                   | [0, 0, 1, 1, 1][i]",
                "what lies around an image           | hybrid   | [0, 2, 1, 1, 1][i]                   | [2, 2, 1, 1, 1][i]",
                "pooling of the incomplete window    | hybrid   | ceil_mode=True                       | ceil_mode=False",
                "normalisation before pooling        | hybrid   | if self.norm_first                   | if not self.norm_first",
                "pooling before normalisation        | caffenet | if self.norm_first                   | if not self.norm_first",
                "the division of alpha by the size   | caffenet | 2e-5                                 | 1e-4",
                "the channels that are normalised by | caffenet | [0, 0, 0, 0, 2, 2]                   | [0, 0, 0, 0, 4, 0]",
                "the middle of the image             | caffenet | (pixels.shape[2] - self.seen) // 2   | 0",
                "the padding of VGG                  | vgg19    | padding=1                            | padding=0"
            })
    void differsFromPyTorchWithoutIt(String what, String golden, String from, String to) throws Exception {
        StudentFolder published = StudentFolder.read(file(
                switch (golden) {
                    case "hybrid" -> HYBRID;
                    case "caffenet" -> CAFFENET;
                    default -> VGG19;
                }));
        String text = text();
        assertThat(text).contains(from);
        String expected = golden.equals("caffenet") ? "caffenet/centre" : golden + "/logits";

        double right = distance(published, text, golden, values(expected));
        double wrong = distance(published, text.replace(from, to), golden, values(expected));

        assertThat(right).isLessThan(1e-4);
        assertThat(wrong).as(what).isGreaterThan(1e-3);
    }

    @Test
    void showsColoursInTheOrderOfCaffe() throws IOException {
        try (Student student = load(HYBRID)) {
            List<float[]> exchanged = images("hybrid", "images");
            exchanged.forEach(image -> exchange(image));

            assertThat(flat(student.logits(exchanged))[0]).isNotCloseTo(values("hybrid/logits")[0], within(1e-2f));
        }
    }

    @Test
    void takesTheMeanThatLiesBeside() throws IOException {
        assertThat(StudentFolder.read(file(HYBRID)).pixels())
                .isEqualTo(pixels(64, Resize.PILLOW_BILINEAR, 130, 120, 110));
        assertThat(StudentFolder.read(file(VGG19)).pixels())
                .isEqualTo(pixels(32, Resize.PILLOW_BILINEAR, 130.4602, 121.2751, 116.8007));
        assertThat(StudentFolder.read(file(CAFFENET)).pixels())
                .isEqualTo(pixels(96, Resize.TF_BILINEAR, 122.67891434, 116.66876762, 104.00698793));
    }

    @Test
    void showsValuesFrom0To255LessTheMean() {
        float[] values = pixels(1, Resize.PILLOW_BILINEAR, 130, 120, 110).of(new byte[] {10, (byte) 200, 3}, false);

        assertThat(values[0]).isCloseTo(10 - 130, within(1e-4f));
        assertThat(values[1]).isCloseTo(200 - 120, within(1e-4f));
        assertThat(values[2]).isCloseTo(3 - 110, within(1e-4f));
    }

    @Test
    void readsWhatItWroteOfThem() throws IOException {
        StudentFolder first = StudentFolder.read(file(CAFFENET));

        StudentFolder.write(temporary, first.architecture(), first.pixels(), FloatBuffer.wrap(first.weights()));

        StudentFolder second = StudentFolder.read(temporary);
        assertThat(second.architecture()).isEqualTo(first.architecture());
        assertThat(second.pixels()).isEqualTo(first.pixels());
        assertThat(second.weights()).isEqualTo(first.weights());
    }

    @Test
    void namesTheTensorThatIsMissingOrDoesNotFit() throws IOException {
        Path cut = temporary.resolve("cut.caffemodel");
        byte[] whole = Files.readAllBytes(file(CAFFENET));
        int fc7 = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\n\003fc7");
        // The tag and the length of the layer lie before its name.
        Files.write(cut, Arrays.copyOf(whole, fc7 - 4));

        assertThatThrownBy(() -> StudentFolder.read(cut))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fc8.weight is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hybrid", "vgg19"})
    void givesTheLossAndEveryGradientOfPyTorch(String golden) throws IOException {
        StudentFolder published = StudentFolder.read(file(golden.equals("hybrid") ? HYBRID : VGG19));
        try (Training training = Training.from(TrainingState.begin(published), Device.cpu(), Precision.FP32)) {
            float loss = training.accumulate(images(golden, "images"), targets(), 1, 1, false);

            assertThat(loss).isCloseTo(values(golden + "/loss")[0], within(1e-4f));
            float[] expected = Golden.vector("caffe.safetensors", golden + "/gradient/", published.architecture());
            Weight first = published.architecture().weights().getFirst();
            exchange(
                    expected,
                    first.shape().getFirst(),
                    first.shape().get(2) * first.shape().get(3));
            assertClose(training.gradient(), expected, TOLERANCE);
        }
    }

    /**
     * The order of the last grid's values, which a grid of one cell would not tell: without it the layer above gets the same
     * numbers at other places.
     */
    @Test
    void readsTheInputsOfTheFirstFullyConnectedLayerByTheirChannels() throws IOException {
        Path model = file("hybrid_grid_tensorflow.npy");
        Weight fc6 = StudentFolder.read(model).architecture().weights().stream()
                .filter(weight -> weight.name().equals("fc6.weight"))
                .findFirst()
                .orElseThrow();
        float[] byChannel = new float[fc6.length()];
        float[] asWritten = new float[fc6.length()];
        try (PublishedTensors tensors = PublishedTensors.open(model)) {
            tensors.read("fc6.weight", 4, FloatBuffer.wrap(byChannel));
            tensors.read("fc6.weight", 0, FloatBuffer.wrap(asWritten));
        }

        assertThat(Arrays.copyOfRange(StudentFolder.read(model).weights(), fc6.offset(), fc6.offset() + fc6.length()))
                .isEqualTo(byChannel);
        // Four cells of four channels: the value of cell 1 and channel 0 is the second of Caffe's and the fifth of
        // TensorFlow's.
        assertThat(byChannel[1]).isEqualTo(asWritten[4]);
        assertThat(byChannel).isNotEqualTo(asWritten);
    }

    /** FT-F of the T4SA paper: only the fully connected layers learn. */
    @Test
    void movesTheFullyConnectedLayersAloneWhereOnlyTheHeadLearns() throws IOException {
        StudentFolder published = StudentFolder.read(file(HYBRID));
        float[] before = published.weights();
        try (Training training = Training.from(TrainingState.begin(published), Device.cpu(), Precision.FP32)) {
            for (int step = 1; step <= 3; step++) {
                training.accumulate(images("hybrid", "images"), targets(), 1, 1, true, new Noise(.5, List.of()));
                training.update(new Optimizer(false, 1, .9, .999, 1e-8, .05, 1), 1e-3, step, 0);
            }

            float[] after = Golden.array(training.state().weights());
            for (Weight weight : published.architecture().weights()) {
                boolean moved = false;
                for (int i = weight.offset(); i < weight.offset() + weight.length(); i++) {
                    moved |= before[i] != after[i];
                }
                assertThat(moved).as(weight.name()).isEqualTo(weight.name().startsWith("fc"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void beginsWithThePublishedWeightsAndWithANewHeadWhereItIsAskedFor(boolean newHead) throws IOException {
        StudentFolder published = StudentFolder.read(file(HYBRID));

        float[] adapted = StudentFolder.adapted(file(HYBRID), published.architecture(), newHead, 5);

        float[] weights = published.weights();
        for (Weight weight : published.architecture().weights()) {
            boolean same = weights[weight.offset()] == adapted[weight.offset()];
            assertThat(same)
                    .as(weight.name())
                    .isEqualTo(!newHead || !weight.name().startsWith("fc8"));
        }
    }

    private static Student load(String model) throws IOException {
        return Student.load(file(model), Device.cpu(), Precision.FP32);
    }

    private static Path file(String name) {
        return Golden.file("caffe/" + name);
    }

    private static Pixels pixels(int side, Resize resize, double red, double green, double blue) {
        return new Pixels(
                side, resize, List.of(red / 255, green / 255, blue / 255), List.of(1 / 255., 1 / 255., 1 / 255.));
    }

    private static float[] values(String name) throws IOException {
        return Golden.values("caffe.safetensors", name);
    }

    private static List<float[]> targets() throws IOException {
        float[] flat = values("learning/targets");
        return List.of(new float[] {flat[0], flat[1], flat[2]}, new float[] {flat[3], flat[4], flat[5]});
    }

    private static float[] kept() throws IOException {
        return images("caffenet", "kept").getFirst();
    }

    /** Bytes less 128; blue, green and red in the file, red, green and blue here. */
    private static List<float[]> images(String golden, String name) throws IOException {
        try (Safetensors file = Safetensors.open(Golden.file("caffe.safetensors"))) {
            long[] bytes = file.longs(golden + "/" + name);
            int count = Objects.requireNonNull(file.tensors().get(golden + "/" + name))
                    .shape()
                    .getFirst()
                    .intValue();
            List<float[]> images = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                float[] image = new float[bytes.length / count];
                for (int k = 0; k < image.length; k++) {
                    image[k] = bytes[i * image.length + k] - 128;
                }
                exchange(image);
                images.add(image);
            }
            return images;
        }
    }

    private static void exchange(float[] image) {
        exchange(image, 1, image.length / 3);
    }

    /** The first and the third of three planes, in each of these images or filters. */
    private static void exchange(float[] values, int count, int area) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < area; k++) {
                float first = values[i * 3 * area + k];
                values[i * 3 * area + k] = values[i * 3 * area + 2 * area + k];
                values[i * 3 * area + 2 * area + k] = first;
            }
        }
    }

    private static TorchProgram program(StudentFolder published) throws IOException {
        TorchProgram program = StudentProgram.load(published.architecture(), Device.cpu(), Precision.FP32, false);
        fill(program, published);
        return program;
    }

    private static void fill(TorchProgram program, StudentFolder published) throws IOException {
        try (NDManager scope = program.newScope()) {
            program.call(
                    scope,
                    "load",
                    new NDList(StudentProgram.vector(scope, published.architecture(), published::weights)));
        }
    }

    private static float[] regions(TorchProgram program, StudentFolder published, int side, float[] image) {
        try (program;
                NDManager scope = program.newScope()) {
            assertThat(published.architecture()).isInstanceOf(ConvNet.class);
            return program.call(scope, "regions", StudentProgram.image(scope, side, image))
                    .get(0)
                    .toFloatArray();
        }
    }

    private static String text() throws IOException {
        try (InputStream program = StudentFolder.class.getResourceAsStream("convnet.py")) {
            return new String(Objects.requireNonNull(program).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** How far the answers of this text are from the golden ones; infinite where it cannot run. */
    private static double distance(StudentFolder published, String text, String golden, float[] expected)
            throws IOException {
        Path beside = Golden.file("caffe.safetensors").resolveSibling("mutated.py");
        Files.writeString(beside, text);
        try (TorchProgram program = TorchProgram.load(
                ConvNetGoldenTest.class,
                "mutated.py",
                StudentProgram.attributes(published.architecture(), Device.cpu(), Precision.FP32, false),
                Device.cpu())) {
            fill(program, published);
            try (NDManager scope = program.newScope()) {
                boolean two = golden.equals("caffenet");
                float[] answers = program.call(
                                scope,
                                two ? "forward" : "logits",
                                StagedBatch.Photos.of(
                                                program,
                                                scope,
                                                published.architecture(),
                                                new BatchPixels.Values(
                                                        two ? List.of(kept()) : images(golden, "images")))
                                        .array())
                        .get(0)
                        .toFloatArray();
                double worst = 0;
                for (int i = 0; i < expected.length; i++) {
                    worst = Math.max(worst, Math.abs(expected[i] - answers[two ? 2 * i : i]));
                }
                return worst;
            }
        } catch (EngineException e) {
            return Double.POSITIVE_INFINITY;
        } finally {
            Files.delete(beside);
        }
    }

    private static float[] flat(float[][] rows) {
        FloatBuffer flat = FloatBuffer.allocate(rows.length * rows[0].length);
        for (float[] row : rows) {
            flat.put(row);
        }
        return flat.array();
    }
}
