package dev.murmuration.weights.caffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.file.WeightsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that Google's protobuf wrote for {@code tools/caffe_golden.py}, and what nobody should open. */
class CaffeModelTest {

    private static final int STRING = 2;

    @TempDir
    private Path folder;

    /** With shapes, with the four dimensions of 2013 in the layers of 2013, with doubles, with a tag before each value. */
    @ParameterizedTest
    @ValueSource(strings = {"shape", "legacy", "double", "loose"})
    void readsEveryWayOfWritingTheSameLayers(String how) throws Exception {
        try (Weights weights = WeightsFile.open(golden(how + ".caffemodel"))) {
            assertThat(weights.tensors().keySet()).containsExactly("conv1/weight", "conv1/bias", "fc8-retrain/weight");
            assertThat(shape(weights, "conv1/weight")).containsExactly(2L, 3L, 1L, 2L);
            assertThat(shape(weights, "conv1/bias")).containsExactly(2L);
            assertThat(shape(weights, "fc8-retrain/weight")).containsExactly(3L, 2L);
            assertThat(weights.floats("conv1/weight"))
                    .containsExactly(0, .25f, .5f, .75f, 1, 1.25f, 1.5f, 1.75f, 2, 2.25f, 2.5f, 2.75f);
            assertThat(weights.floats("conv1/bias")).containsExactly(1.5f, -2.5f);
            assertThat(weights.floats("fc8-retrain/weight")).containsExactly(0, .125f, .25f, .375f, .5f, .625f);
        }
    }

    @Test
    void knowsTheOrderInWhichTheLayersRun() throws Exception {
        try (CaffeModel model = CaffeModel.open(golden("shape.caffemodel"))) {
            assertThat(model.layers()).containsExactly("data", "conv1", "pool1", "norm1", "fc8-retrain");
        }
    }

    @Test
    void readsTheMeanOfADataSet() throws Exception {
        try (Weights weights = WeightsFile.open(golden("mean.binaryproto"))) {
            assertThat(shape(weights, "mean")).containsExactly(3L, 2L, 2L);
            assertThat(weights.floats("mean")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        }
    }

    @Test
    void saysWhichTensorIsMissingOrDoesNotFit() throws Exception {
        try (Weights weights = WeightsFile.open(golden("shape.caffemodel"))) {
            assertThatExceptionOfType(WeightsException.class)
                    .isThrownBy(() -> weights.floats("conv2/weight"))
                    .withMessageContaining("no tensor conv2/weight");
            assertThatExceptionOfType(WeightsException.class)
                    .isThrownBy(() -> weights.floats("conv1/bias", FloatBuffer.allocate(1)))
                    .withMessageContaining("conv1/bias has 2 elements, 1 were expected");
            assertThatExceptionOfType(WeightsException.class)
                    .isThrownBy(() -> weights.longs("conv1/bias"))
                    .withMessageContaining("conv1/bias is F32, not integers");
        }
    }

    static Stream<Arguments> malformed() {
        byte[] two = floats(1, 2);
        return Stream.of(
                Arguments.of(
                        layer("a", blob(field(7, field(1, bytes(3))), field(5, two))),
                        "tensor a/weight of [3] has 2 values"),
                Arguments.of(
                        layer("a", blob(field(7, new byte[0]), field(5, two))), "tensor a/weight of [] has 2 values"),
                Arguments.of(
                        layer("a", blob(varint(1, 1), varint(2, 1), varint(3, 1), varint(4, 3), field(5, two))),
                        "tensor a/weight of [3] has 2 values"),
                Arguments.of(
                        layer("a", blob(varint(1, -1), varint(2, -1), varint(3, 1), varint(4, 2), field(5, two))),
                        "tensor a/weight of [-1, -1, 1, 2] has 2 values"),
                Arguments.of(
                        layer(
                                "a",
                                blob(
                                        varint(1, 1L << 40),
                                        varint(2, 1L << 40),
                                        varint(3, 1),
                                        varint(4, 2),
                                        field(5, two))),
                        "tensor a/weight is too large"),
                Arguments.of(layer("a", blob(field(5, new byte[7]))), "values of 7 bytes in layer a"),
                Arguments.of(layer("a", blob(field(7, field(1, new byte[33])))), "more than 32 dimensions in layer a"),
                Arguments.of(layer("a".repeat(1_001)), "a name of 1001 bytes in layer 1"),
                Arguments.of(
                        join(layer("a", blob(field(5, two))), layer("a", blob(field(5, two)))),
                        "tensor a/weight occurs twice"),
                Arguments.of(layer("a", repeated(blob(field(5, two)), 65)), "layer a has more than 64 blobs"),
                Arguments.of(repeated(layer("a"), 10_001), "more than 10000 layers"),
                Arguments.of(
                        layer("a", blob(repeated(field(5, two), 4_097))),
                        "the values of a tensor in layer a are not contiguous"),
                Arguments.of(layer("a"), "contains no tensors"),
                Arguments.of(new byte[0], "contains no tensors"),
                Arguments.of("<!DOCTYPE html><html>".getBytes(StandardCharsets.US_ASCII), "damaged or truncated"),
                Arguments.of(join(new byte[] {(byte) 0xa2, 6}, length(1L << 31)), "truncated in layer 1"),
                Arguments.of(join(new byte[] {(byte) 0xa2, 6}, length(1_000)), "truncated in layer 1"),
                Arguments.of(layer("a", join(new byte[] {58}, length((1L << 31) - 1))), "truncated in layer a"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsNotWhole(byte[] content, String problem) throws IOException {
        Path file = Files.write(folder.resolve("wrong.caffemodel"), content);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining(problem);
    }

    @Test
    void takesValuesThatComeInParts() throws IOException {
        byte[] parts =
                layer("a", blob(field(5, floats(1, 2)), varint(9, 7), field(5, floats(3)), field(5, new byte[0])));
        Path file = Files.write(folder.resolve("parts.caffemodel"), parts);

        try (Weights weights = WeightsFile.open(file)) {
            assertThat(weights.floats("a/weight")).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shape", "legacy", "double", "loose"})
    void answersEveryBeginningOfAFileWithARefusalOrItsFirstTensors(String how) throws Exception {
        byte[] whole = Files.readAllBytes(golden(how + ".caffemodel"));
        Path file = folder.resolve("cut.caffemodel");
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (Weights weights = WeightsFile.open(file)) {
                assertThat(weights.floats("conv1/bias")).containsExactly(1.5f, -2.5f);
            } catch (WeightsException e) {
                refused++;
            }
        }
        // Whole are only those that end between two layers: after conv1, pool1 and norm1.
        assertThat(refused).isEqualTo(whole.length - 3);
    }

    /** Whatever a damaged file makes of it, the answer is tensors of its own bytes or one clear refusal. */
    @ParameterizedTest
    @ValueSource(strings = {"shape", "legacy", "double", "loose"})
    void answersDamageWithARefusalOrWithTensorsOfItsOwnBytes(String how) throws Exception {
        byte[] whole = Files.readAllBytes(golden(how + ".caffemodel"));
        Random random = new Random(1);
        Path file = folder.resolve("damaged.caffemodel");
        int refused = 0;
        for (int run = 0; run < 1_000; run++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try (Weights weights = WeightsFile.open(file)) {
                for (TensorEntry entry : weights.tensors().values()) {
                    assertThat(weights.floats(entry.name())).hasSize((int) entry.elements());
                    assertThat(entry.elements()).isLessThanOrEqualTo(damaged.length / 4);
                }
            } catch (WeightsException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static byte[] layer(String name, byte[]... blobs) {
        return field(100, join(field(1, name.getBytes(StandardCharsets.US_ASCII)), join(blobs)));
    }

    private static byte[] blob(byte[]... fields) {
        return field(7, join(fields));
    }

    private static byte[] field(int number, byte[] content) {
        return join(length(((long) number << 3) | STRING), length(content.length), content);
    }

    private static byte[] varint(int number, long value) {
        return join(length((long) number << 3), length(value));
    }

    private static byte[] length(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] repeated(byte[] part, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static List<Long> shape(Weights weights, String name) {
        return Objects.requireNonNull(weights.tensors().get(name)).shape();
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(CaffeModelTest.class.getResource("/dev/murmuration/weights/" + name))
                .toURI());
    }
}
