package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import dev.murmuration.weights.safetensors.Safetensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What transformers and PyTorch computed; made by {@code tools/student_golden.py}. */
final class Golden {

    private Golden() {}

    static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static float[] values(String tensor) throws IOException {
        return values("golden.safetensors", tensor);
    }

    static float[] values(String file, String tensor) throws IOException {
        try (Safetensors golden = Safetensors.open(file(file))) {
            return golden.floats(tensor);
        }
    }

    static List<float[]> optionRows(String tensor, int length) throws IOException {
        return rows("options.safetensors", tensor, length);
    }

    static List<float[]> rows(String file, String tensor, int length) throws IOException {
        return rows(values(file, tensor), length);
    }

    static List<float[]> rows(String tensor, int length) throws IOException {
        return rows(values(tensor), length);
    }

    private static List<float[]> rows(float[] flat, int length) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < flat.length; i += length) {
            rows.add(Arrays.copyOfRange(flat, i, i + length));
        }
        return rows;
    }

    /** All weights of the golden student under a prefix, in the order of the one vector. */
    static float[] vector(String prefix) throws IOException {
        return vector(
                "golden.safetensors", prefix, StudentFolder.read(file("vit")).architecture());
    }

    /** The weights of an architecture that a file has under a prefix, in the order of the one vector; 0 for others. */
    static float[] vector(String file, String prefix, Network architecture) throws IOException {
        float[] vector = new float[architecture.weightCount()];
        try (Safetensors golden = Safetensors.open(file(file))) {
            for (Weight weight : architecture.weights()) {
                if (golden.tensors().containsKey(prefix + weight.name())) {
                    float[] values = golden.floats(prefix + weight.name());
                    System.arraycopy(values, 0, vector, weight.offset(), weight.length());
                }
            }
        }
        return vector;
    }

    /**
     * That the largest difference, relative to the largest value (at least 1), is below a tolerance. {@code -Dgolden.print} prints both.
     */
    static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        if (System.getProperty("golden.print") != null) {
            System.out.printf(
                    "%-75s %9d values, largest %.3g, largest difference %.2g%n",
                    StackWalker.getInstance()
                            .walk(frames ->
                                    frames.skip(1).findFirst().orElseThrow().getMethodName()),
                    expected.length,
                    largest(expected),
                    worst);
        }
        assertThat(worst / largest).isLessThan(tolerance);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
