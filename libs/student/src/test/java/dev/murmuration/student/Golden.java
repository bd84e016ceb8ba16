package dev.murmuration.student;

import dev.murmuration.torch.Safetensors;
import java.io.IOException;
import java.net.URISyntaxException;
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
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
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

    static List<float[]> rows(String tensor, int length) throws IOException {
        float[] flat = values(tensor);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < flat.length; i += length) {
            rows.add(Arrays.copyOfRange(flat, i, i + length));
        }
        return rows;
    }

    /** All weights of the golden student under a prefix, in the order of the one vector. */
    static float[] vector(String prefix) throws IOException {
        Architecture architecture = StudentFolder.read(file("vit")).architecture();
        float[] vector = new float[architecture.weightCount()];
        try (Safetensors golden = Safetensors.open(file("golden.safetensors"))) {
            for (Weight weight : architecture.weights()) {
                System.arraycopy(golden.floats(prefix + weight.name()), 0, vector, weight.offset(), weight.length());
            }
        }
        return vector;
    }
}
