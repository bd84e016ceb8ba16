package dev.murmuration.weights.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.file.Fuzz;
import dev.murmuration.weights.file.WeightsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code tools/golden_weights.py}, and what nobody should open. */
class PickledWeightsTest {

    private static final String TENSOR = "ctorch._utils\n_rebuild_tensor_v2\n";
    private static final String STORAGE = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpu";

    @TempDir
    private Path folder;

    @Test
    void readsAStateDictionary() throws Exception {
        try (Weights weights = WeightsFile.open(golden("module.bin"))) {
            assertThat(weights.tensors().keySet()).containsExactly("0.weight", "0.bias", "1.weight", "1.bias");
            assertThat(shape(weights, "0.weight")).containsExactly(2L, 3L);
            assertThat(weights.floats("0.weight")).containsExactly(0, .25f, .5f, .75f, 1, 1.25f);
            assertThat(weights.floats("1.bias")).containsExactly(0, .25f);
        }
    }

    @Test
    void readsEveryTypeOfACheckpointOfTraining() throws Exception {
        try (Weights weights = WeightsFile.open(golden("checkpoint.pth"))) {
            for (String name : new String[] {"f64", "f16", "bf16"}) {
                assertThat(weights.floats(name)).as(name).containsExactly(1.5f, -2.5f);
            }
            assertThat(weights.longs("i64")).containsExactly(1, -(1L << 40));
            for (String name : new String[] {"i32", "i16", "i8"}) {
                assertThat(weights.longs(name)).as(name).containsExactly(1, -2);
            }
            assertThat(weights.longs("u8")).containsExactly(1, 255);
            assertThat(weights.longs("bool")).containsExactly(1, 0);
            assertThat(weights.floats("scalar")).containsExactly(7);
            assertThat(shape(weights, "none")).containsExactly(0L, 4L);
            assertThat(weights.floats("view")).containsExactly(4, 5, 6, 7, 8, 9);
            assertThat(weights.floats("tied")).hasSize(12);
            assertThat(weights.floats("parameter")).containsExactly(3);
        }
    }

    @Test
    void namesATensorThatDoesNotLieInOrder() {
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(golden("transposed.bin")))
                .withMessageContaining("tensor transposed of [3, 2] has the strides [1, 3]");
    }

    @Test
    void readsAFileOfBefore16() throws Exception {
        try (Weights weights = WeightsFile.open(golden("legacy.bin"))) {
            assertThat(weights.tensors().keySet()).containsExactly("a");
            assertThat(weights.floats("a")).containsExactly(1, 1);
        }
    }

    /** As Python 2 and PyTorch 0.3 wrote it: keys are bytes, and tensors are made by another name. */
    @Test
    void readsAFileOfPython2() throws IOException {
        String storage = "(U\7storagectorch\nFloatStorage\nU\1kU\3cpuK\3NtQ";
        String tensor = "ctorch._utils\n_rebuild_tensor\n(" + storage + "K\1(K\2t(K\1ttR";
        ByteBuffer data = ByteBuffer.allocate(8 + 3 * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(3).putFloat(1).putFloat(2).putFloat(3);
        Path file = old("}U\1w" + tensor + "s.", "]U\1ka.", data.array());

        try (Weights weights = WeightsFile.open(file)) {
            assertThat(weights.floats("w")).containsExactly(2, 3);
        }
    }

    @Test
    void refusesAnOldFileWhoseStorageIsCutOff() throws IOException {
        String storage = "(U\7storagectorch\nFloatStorage\nU\1kU\3cpuK\3NtQ";
        String tensor = "ctorch._utils\n_rebuild_tensor\n(" + storage + "K\1(K\2t(K\1ttR";
        ByteBuffer data = ByteBuffer.allocate(8 + 3 * 4 - 1).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(3);
        Path file = old("}U\1w" + tensor + "s.", "]U\1ka.", data.array());

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining("storage k has 3 elements, not 3 in 11 bytes");
    }

    private Path old(String state, String keys, byte[] data) throws IOException {
        String magic = "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
        String sizes = "\u0080\2}U\rlittle_endian\u0088s.";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write((magic + "\u0080\2M\u00e9\3." + sizes + "\u0080\2" + state + "\u0080\2" + keys)
                .getBytes(StandardCharsets.ISO_8859_1));
        all.write(data);
        return Files.write(folder.resolve("old.pth"), all.toByteArray());
    }

    @Test
    void answersDamageOfAnOldFileWithARefusalOrWithTensorsOfItsOwnBytes() throws Exception {
        Fuzz fuzz = new Fuzz(folder.resolve("damaged.bin"), Files.readAllBytes(golden("legacy.bin")));

        assertThat(fuzz.refusals(500, 1)).isGreaterThan(100);
    }

    static Stream<Arguments> malicious() {
        return Stream.of(
                Arguments.of("cos\nsystem\nX\4\0\0\0echo\u0085R.", "the global 'os system'"),
                Arguments.of("cbuiltins\neval\nX\4\0\0\0echo\u0085R.", "the global 'builtins eval'"),
                Arguments.of("ctorch\nload\n.", "the global 'torch load'"),
                Arguments.of("ctorch._utils\n_rebuild_tensor_v2.__globals__\n.", "the global"),
                Arguments.of("\u0080\4\u008c\2os\u008c\6system\u0093.", "the global 'os system'"), // STACK_GLOBAL
                Arguments.of("(S'echo'\nios\nsystem\n.", "the opcode 0x53"), // STRING, INST
                Arguments.of("(ios\nsystem\n.", "the opcode 0x69"), // INST
                Arguments.of("(cos\nsystem\no.", "the global 'os system'"), // OBJ
                Arguments.of("ccollections\nOrderedDict\n)\u0081.", "the opcode 0x81"), // NEWOBJ
                Arguments.of("\u0082\1.", "the opcode 0x82"), // EXT1
                Arguments.of("P123\n.", "the opcode 0x50"), // PERSID
                Arguments.of(
                        "ccollections\nOrderedDict\n]]\u0086\u0085R.", "a call of 'collections OrderedDict' with 1"),
                Arguments.of("ctorch\nFloatStorage\n)R.", "a call of 'torch FloatStorage' with 0"),
                Arguments.of("X\1\0\0\0a)R.", "a call of a String"),
                Arguments.of("]}b.", "the state of a list"),
                Arguments.of(TENSOR + "}b.", "the state of a 'torch._utils _rebuild_tensor_v2'"),
                Arguments.of("]q\0h\0a}h\0K\1s.", "a key that is a list"), // a list that holds itself, as a key
                Arguments.of(TENSOR + "()K\0(t(t\u0089Nt)R.", "a call of"),
                Arguments.of("h\7.", "a reference to nothing"),
                Arguments.of("0.", "the opcode 0x30"),
                Arguments.of("a.", "an empty stack"),
                Arguments.of("e.", "an empty stack"),
                Arguments.of(".", "an empty stack"),
                Arguments.of("(.", "an empty stack"),
                Arguments.of("(K\1u.", "a key without a value"),
                Arguments.of("\u008a\u00ff.", "a number of 255 bytes"),
                Arguments.of("}X\u00ff\u00ff\u00ff\u007f.", "truncated"),
                Arguments.of("}X\u00ff\u00ff\u00ff\u00ff.", "truncated"),
                Arguments.of("}", "truncated"),
                Arguments.of("K\1.", "not a dictionary"),
                Arguments.of("}.", "no named tensors"));
    }

    @ParameterizedTest
    @MethodSource("malicious")
    void refusesWhateverWeightsDoNotNeed(String pickle, String problem) throws IOException {
        Path file = archive(pickle, 8);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining(problem);
    }

    static Stream<Arguments> beyondTheirStorage() {
        return Stream.of(
                Arguments.of(2, tensor("K\0", "K\3", "K\1"), "starts at element 0 of 2"),
                Arguments.of(2, tensor("K\2", "K\1", "K\1"), "starts at element 2 of 2"),
                Arguments.of(2, tensor("J\u00ff\u00ff\u00ff\u00ff", "K\1", "K\1"), "starts at element -1 of 2"),
                Arguments.of(2, tensor("K\0", "J\u00ff\u00ff\u00ff\u007f", "K\0"), "has the strides [0]"),
                Arguments.of(2, tensor("K\0", "J\u00ff\u00ff\u00ff\u00ff", "K\1"), "has the shape [-1]"),
                Arguments.of(2, tensor("K\0", "K\1K\1", "K\1"), "and the strides [1]"),
                Arguments.of(2, tensor("K\0", "\u008a\10\0\0\0\0\0\0\0@K\4", "K\4K\1"), "is too large"),
                Arguments.of(3, tensor("K\0", "K\2", "K\1"), "has 8 bytes, not 3 elements"));
    }

    @ParameterizedTest
    @MethodSource("beyondTheirStorage")
    void refusesATensorThatDoesNotFitItsStorage(int elements, String tensor, String problem) throws IOException {
        Path file = archive("}X\1\0\0\0a" + tensor.replace("ELEMENTS", "K" + (char) elements) + "s.", 8);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining(problem);
    }

    @Test
    void readsWhatFitsExactly() throws IOException {
        Path file = archive("}X\1\0\0\0a" + tensor("K\1", "K\1", "K\1").replace("ELEMENTS", "K\2") + "s.", 8);

        try (Weights weights = WeightsFile.open(file)) {
            assertThat(weights.floats("a")).containsExactly(2);
        }
    }

    @Test
    void refusesEveryBeginningOfAFile() throws Exception {
        byte[] whole = Files.readAllBytes(golden("module.bin"));
        Path file = folder.resolve("cut.bin");
        for (int length = 4; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatExceptionOfType(WeightsException.class).isThrownBy(() -> WeightsFile.open(file));
        }
    }

    /** Whatever a damaged file makes of it, the answer is its tensors or one clear refusal. */
    @Test
    void answersDamageWithARefusalOrWithTensorsOfItsOwnBytes() throws Exception {
        byte[] whole = Files.readAllBytes(golden("checkpoint.pth"));
        Random random = new Random(1);
        Path file = folder.resolve("damaged.pth");
        int refused = 0;
        for (int run = 0; run < 2_000; run++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try (PickledWeights weights = PickledWeights.open(file)) {
                for (TensorEntry entry : weights.tensors().values()) {
                    assertThat(entry.begin()).isBetween(0L, entry.end());
                    assertThat(entry.end()).isLessThanOrEqualTo(damaged.length);
                }
            } catch (WeightsException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void refusesACompressedEntry() throws IOException {
        Path file = folder.resolve("compressed.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write("}.".getBytes(StandardCharsets.ISO_8859_1));
        }

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> PickledWeights.open(file))
                .withMessageContaining("its pickle is compressed");
    }

    @Test
    void refusesAnArchiveOfSomethingElse() throws IOException {
        Path file = folder.resolve("other.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, "word/document.xml", new byte[8]);
        }

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> PickledWeights.open(file))
                .withMessageContaining("not a file of PyTorch");
    }

    private static String tensor(String offset, String shape, String stride) {
        return TENSOR + "(" + STORAGE + "ELEMENTStQ" + offset + "(" + shape + "t(" + stride
                + "t\u0089ccollections\nOrderedDict\n)RtR";
    }

    /** An archive with one storage of floats 1, 2, … */
    private Path archive(String pickle, int storageBytes) throws IOException {
        Path file = folder.resolve("archive.bin");
        ByteBuffer storage = ByteBuffer.allocate(storageBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < storageBytes / Float.BYTES; i++) {
            storage.putFloat(i + 1);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
            put(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            put(zip, "archive/data/0", storage.array());
        }
        return Files.write(file, bytes.toByteArray());
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static List<Long> shape(Weights weights, String name) {
        return Objects.requireNonNull(weights.tensors().get(name)).shape();
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PickledWeightsTest.class.getResource("/dev/murmuration/weights/" + name))
                .toURI());
    }
}
