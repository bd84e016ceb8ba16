package dev.murmuration.weights.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import dev.murmuration.weights.file.Fuzz;
import dev.murmuration.weights.file.WeightsFile;
import dev.murmuration.weights.hdf5.KerasWeightsTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that NumPy wrote for {@code tools/golden_arrays.py}, and what nobody should open. */
class NumpyWeightsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void readsAnArchiveOfArrays(String name) throws Exception {
        try (Weights weights = WeightsFile.open(golden(name))) {
            assertThat(weights.tensors().keySet()).containsExactly("a/kernel", "a/bias", "step", "columns");
            assertThat(entry(weights, "a/kernel").shape()).containsExactly(5L, 7L);
            assertThat(weights.floats("a/kernel")).containsExactly(KerasWeightsTest.grid());
            assertThat(weights.floats("a/bias")).containsExactly(1.5f, -2.5f);
            assertThat(weights.longs("step")).containsExactly(3);
            assertThat(weights.floats("columns")).containsExactly(KerasWeightsTest.grid());
        }
    }

    @Test
    void readsOneArray() throws Exception {
        try (Weights weights = WeightsFile.open(golden("single.npy"))) {
            assertThat(weights.floats("array")).containsExactly(KerasWeightsTest.grid());
        }
    }

    /** Of NumPy 1.26, of before 1.17, and of 2. */
    @ParameterizedTest
    @ValueSource(strings = {"dictionary.npy", "protocol2.npy", "protocol4.npy"})
    void readsADictionaryOfLayers(String name) throws Exception {
        try (Weights weights = WeightsFile.open(golden(name))) {
            assertThat(weights.tensors().keySet()).containsExactly("conv1/weights", "conv1/biases", "fc6/0", "fc6/1");
            assertThat(weights.floats("conv1/weights")).containsExactly(KerasWeightsTest.grid());
            assertThat(entry(weights, "fc6/0").shape()).containsExactly(7L, 5L);
            assertThat(weights.floats("fc6/0"))
                    .startsWith(0, 7, 14, 21, 28, 1, 8)
                    .endsWith(27, 34);
            assertThat(weights.floats("fc6/1")).containsExactly(3);
        }
    }

    @Test
    void readsADictionaryOfPython2() throws Exception {
        try (Weights weights = WeightsFile.open(golden("python2.npy"))) {
            assertThat(weights.floats("w")).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cos\\nsystem\\n(U\\4echotR.|the global 'os system'",
                "cbuiltins\\neval\\n.|the global 'builtins eval'",
                "ctorch\\nFloatStorage\\n.|the global 'torch FloatStorage'",
                "cnumpy.core.multiarray\\nscalar\\n.|the global 'numpy.core.multiarray scalar'",
                "cnumpy\\nndarray\\n(tR.|a call of 'numpy ndarray'",
                "c_codecs\\nencode\\n(X\\1\\0\\0\\0aX\\3\\0\\0\\0hextR.|a call of '_codecs encode'",
                "cnumpy\\ndtype\\n(U\\2f4K\\0K\\1tR}b.|the state of a Dtype",
                "}.|no named arrays",
                "]q\\0h\\0a.|deep at",
            })
    void refusesWhateverArraysDoNotNeed(String pickle, String problem) throws IOException {
        Path file = pickled(pickle);

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining(problem);
    }

    @Test
    void namesAnArrayThatHasTooFewBytes() throws Exception {
        byte[] whole = Files.readAllBytes(golden("single.npy"));
        Path file = Files.write(folder.resolve("short.npy"), Arrays.copyOf(whole, whole.length - 1));

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining("tensor array of [5, 7] has 139 bytes, not 140");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'descr': '>f4', 'fortran_order': False, 'shape': (1,), |elements of type >f4",
                "'descr': '<U4', 'fortran_order': False, 'shape': (1,), |elements of type <U4",
                "'descr': '<f4', 'fortran_order': False, 'shape': (-1,), |is described by",
                "'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), |has the shape",
                "'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), |is too large",
                "'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), |is described by",
            })
    void namesAnArrayThatIsNoTensor(String description, String problem) throws IOException {
        Path file = folder.resolve("odd.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("layer/odd.npy"));
            zip.write(array(description, "abcd"));
        }

        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> WeightsFile.open(file))
                .withMessageContaining("tensor layer/odd ")
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"stored.npz", "deflated.npz", "single.npy", "dictionary.npy", "protocol2.npy", "python2.npy"})
    void answersDamageWithARefusalOrWithTensorsOfItsOwnBytes(String name) throws Exception {
        byte[] whole = Files.readAllBytes(golden(name));

        assertThat(new Fuzz(folder.resolve("damaged"), whole).refusals(500, 1)).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "dictionary.npy", "protocol4.npy"})
    void answersHugeSizesWithARefusalOrWithTensorsOfItsOwnBytes(String name) throws Exception {
        byte[] whole = Files.readAllBytes(golden(name));

        assertThat(new Fuzz(folder.resolve("huge"), whole).refusalsOf(0x7fff_ffff_7fff_fff0L))
                .isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "single.npy", "dictionary.npy"})
    void refusesEveryBeginningOfAFile(String name) throws Exception {
        new Fuzz(folder.resolve("cut"), Files.readAllBytes(golden(name))).refusesEveryBeginning(5);
    }

    private Path pickled(String pickle) throws IOException {
        return Files.write(
                folder.resolve("pickled.npy"),
                array("'descr': '|O', 'fortran_order': False, 'shape': (), ", pickle.translateEscapes()));
    }

    private static byte[] array(String description, String content) {
        String header = "{" + description + "}\n";
        return ("\u0093NUMPY\1\0" + (char) header.length() + "\0" + header + content)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static TensorEntry entry(Weights weights, String name) {
        return Objects.requireNonNull(weights.tensors().get(name));
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(NumpyWeightsTest.class.getResource("/dev/murmuration/weights/" + name))
                .toURI());
    }
}
