package dev.murmuration.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file of weights holds, the answer is its tensors or one line that says why not. */
class WeightsFuzzTest {

    @TempDir
    private Path folder;

    @Test
    void safetensors() throws Exception {
        byte[] header = ("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                        + "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[24,32]},"
                        + "\"c\":{\"dtype\":\"BF16\",\"shape\":[0,7],\"data_offsets\":[32,32]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);

        Fuzzer.Outcome outcome = fuzzed(
                "weights.safetensors",
                Fuzzer.of("safetensors", List.of(file.array()))
                        .tokens("{\"a\":", "[", "F64", "U8", ",", "\"x\":{}", "}"));

        assertThat(outcome.ways()).isGreaterThan(10);
    }

    @Test
    void picklesOfPyTorch() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "weights.bin",
                Fuzzer.ofFiles("pytorch", golden("module.bin", "checkpoint.pth", "transposed.bin", "legacy.bin"))
                        .tokens(
                                "(", "]", "}", ")", "q\0", "h\0", "\u0085", "R", "b", "t", "e", "u", "a", "s", "Q",
                                "\u0094"));

        assertThat(outcome.ways()).isGreaterThan(20);
    }

    @Test
    void arraysOfNumPy() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "weights.npz",
                Fuzzer.ofFiles(
                                "numpy",
                                golden(
                                        "deflated.npz",
                                        "stored.npz",
                                        "dictionary.npy",
                                        "protocol2.npy",
                                        "protocol4.npy",
                                        "python2.npy",
                                        "single.npy"))
                        .tokens("'shape': (", "<f4", "True", "(", "]", "}", "h\0", "b", "PK\1\2", "PK\3\4", "PK\5\6"));

        assertThat(outcome.ways()).isGreaterThan(20);
    }

    @Test
    void hdf5OfKeras() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "weights.h5",
                Fuzzer.ofFiles("hdf5", golden("kinds.h5", "big-endian.h5", "elsewhere.h5", "latest.h5"))
                        .tokens("TREE", "SNOD", "HEAP", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"));

        assertThat(outcome.ways()).isGreaterThan(20);
    }

    @Test
    void networksOfCaffe() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "weights.caffemodel",
                Fuzzer.ofFiles(
                                "caffe",
                                golden(
                                        "double.caffemodel",
                                        "legacy.caffemodel",
                                        "loose.caffemodel",
                                        "shape.caffemodel"))
                        .tokens("\u00ff\u00ff\u00ff\u00ff\7", "\n", ":", "\u00a2\6"));

        assertThat(outcome.ways()).isGreaterThan(8);
    }

    @Test
    void meansOfCaffe() throws Exception {
        Fuzzer.Outcome outcome = fuzzed(
                "mean.binaryproto",
                Fuzzer.ofFiles("binaryproto", golden("mean.binaryproto"))
                        .tokens("\u00ff\u00ff\u00ff\u00ff\7", "*", "2", ":"));

        assertThat(outcome.ways()).isGreaterThan(5);
    }

    private Fuzzer.Outcome fuzzed(String name, Fuzzer fuzzer) {
        Path file = folder.resolve(name);
        return fuzzer.run(WeightsException.class, input -> read(Files.write(file, input), input.length));
    }

    private static void read(Path file, int length) throws IOException {
        try (Weights weights = WeightsFile.open(file)) {
            long unpacked = 0;
            for (TensorEntry entry : weights.tensors().values()) {
                assertThat(entry.begin()).isBetween(0L, entry.end());
                unpacked += entry.end() - entry.begin();
                // Tensors may share their bytes, and a bomb of them may be read: but not by this test.
                if (unpacked > 64L * length) {
                    return;
                }
                if (entry.type().isFloat()) {
                    assertThat(weights.floats(entry.name())).hasSize((int) entry.elements());
                } else {
                    assertThat(weights.longs(entry.name())).hasSize((int) entry.elements());
                }
            }
        }
    }

    private static List<Path> golden(String... names) {
        List<Path> files = new ArrayList<>();
        Stream.of(names).forEach(name -> {
            try {
                files.add(Path.of(
                        Objects.requireNonNull(WeightsFuzzTest.class.getResource("/dev/murmuration/weights/" + name))
                                .toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        });
        return files;
    }
}
