package dev.murmuration.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.file.Fuzz;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that h5py wrote for {@code tools/golden_arrays.py}. */
public class KerasWeightsTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatSaveWeightsWrites() throws Exception {
        try (Weights weights = WeightsFile.open(golden("weights.h5"))) {
            assertThat(weights.tensors()).hasSize(42);
            assertThat(entry(weights, "vit/embedding/kernel:0").shape()).containsExactly(5L, 7L);
            assertThat(weights.floats("vit/embedding/kernel:0")).containsExactly(grid());
            assertThat(weights.floats("vit/block_0/bias:0")).containsExactly(0, 0);
            assertThat(weights.floats("vit/block_39/bias:0")).containsExactly(39, 39);
            assertThat(entry(weights, "dense/scalar:0").shape()).isEmpty();
            assertThat(weights.floats("dense/scalar:0")).containsExactly(7);
        }
    }

    @Test
    void readsOfAWholeModelItsWeightsOnly() throws Exception {
        try (Weights weights = WeightsFile.open(golden("model.h5"))) {
            assertThat(weights.tensors().keySet()).containsExactly("vit/kernel:0");
            assertThat(weights.floats("vit/kernel:0")).containsExactly(grid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "all", "plain"})
    void putsChunksTogether(String name) throws Exception {
        try (Weights weights = WeightsFile.open(golden("kinds.h5"))) {
            assertThat(entry(weights, name).shape()).containsExactly(5L, 7L);
            assertThat(weights.floats(name)).containsExactly(grid());
        }
    }

    @Test
    void readsMoreChunksThanOneLeafHolds() throws Exception {
        try (Weights weights = WeightsFile.open(golden("kinds.h5"))) {
            float[] values = weights.floats("long");

            assertThat(values).hasSize(1000);
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo(i);
            }
        }
    }

    @Test
    void readsEveryTypeOfNumberAndPassesOverTheRest() throws Exception {
        try (Weights weights = WeightsFile.open(golden("kinds.h5"))) {
            assertThat(weights.floats("f16")).containsExactly(0, 1, 2, 3, 4, 5, 6);
            for (String name : new String[] {"int64", "int32", "int16", "int8"}) {
                assertThat(weights.longs(name)).as(name).containsExactly(1, -2);
            }
            assertThat(weights.longs("uint8")).containsExactly(1, 255);
            assertThat(weights.floats("none")).isEmpty();
            assertThat(weights.floats("compact")).containsExactly(1, 2);
            assertThat(weights.tensors()).doesNotContainKeys("text", "soft");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "big-endian.h5, tensor w is big endian",
        "latest.h5, its superblock has version 3",
        "elsewhere.h5, the root is not a group"
    })
    void refusesWhatKerasDoesNotWrite(String name, String problem) {
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(golden(name)))
                .withMessageContaining(problem);
    }

    @Test
    void namesATensorThatLiesBeyondTheEnd() throws Exception {
        byte[] model = Files.readAllBytes(golden("model.h5"));
        ByteBuffer bytes = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);
        long begin;
        try (Weights weights = WeightsFile.open(golden("model.h5"))) {
            begin = entry(weights, "vit/kernel:0").begin();
        }
        for (int at = 0; at < model.length - 8; at++) {
            if (bytes.getLong(at) == begin) {
                bytes.putLong(at, model.length - 139);
            }
        }
        Path file = Files.write(folder.resolve("beyond.h5"), model);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining(
                        "tensor vit/kernel:0 of [5, 7] is at byte %d of %d", model.length - 139, model.length);
    }

    @Test
    void refusesAGroupThatHoldsItself() throws Exception {
        byte[] weights = Files.readAllBytes(golden("weights.h5"));
        ByteBuffer bytes = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
        long root = bytes.getLong(64);
        int leaf = find(weights, "SNOD");
        bytes.putLong(leaf + 8 + 8, root);
        Path file = Files.write(folder.resolve("circle.h5"), weights);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining("points to byte %d, which another object uses", root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.h5", "kinds.h5"})
    void answersDamageWithARefusalOrWithTensorsOfItsOwnBytes(String name) throws Exception {
        Fuzz fuzz = new Fuzz(folder.resolve("damaged.h5"), Files.readAllBytes(golden(name)));

        assertThat(fuzz.refusals(500, 1)).isGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -1, 0x7fff_fff8L, 1L << 40})
    void answersHugeSizesWithARefusalOrWithTensorsOfItsOwnBytes(long huge) throws Exception {
        byte[] whole = Files.readAllBytes(golden("big-endian.h5"));
        whole[find(whole, "\u0011!\u001f") + 1] = 0x20; // Its floats are little endian now, and it can be read.
        Fuzz fuzz = new Fuzz(folder.resolve("huge.h5"), whole);

        assertThat(fuzz.refusalsOf(huge)).isGreaterThan(100);
    }

    @Test
    void refusesEveryBeginningOfAFile() throws Exception {
        new Fuzz(folder.resolve("cut.h5"), Files.readAllBytes(golden("kinds.h5"))).refusesEveryBeginning(301);
    }

    private static int find(byte[] bytes, String text) throws IOException {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(text);
        assertThat(at).isPositive();
        return at;
    }

    public static float[] grid() {
        float[] values = new float[35];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return values;
    }

    private static TensorEntry entry(Weights weights, String name) {
        return Objects.requireNonNull(weights.tensors().get(name));
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(KerasWeightsTest.class.getResource("/dev/murmuration/weights/" + name))
                .toURI());
    }
}
