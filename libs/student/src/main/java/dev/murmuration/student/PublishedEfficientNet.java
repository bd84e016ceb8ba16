package dev.murmuration.student;

import dev.murmuration.student.network.EfficientNet;
import dev.murmuration.student.network.Weight;
import dev.murmuration.weights.Weights;
import dev.murmuration.weights.file.WeightsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * EfficientNet-Lite0 as it was published for PyTorch: a {@code .pth} whose convolutions have no bias and are each followed by
 * batch normalisation, which is folded into them here. A classifier for other classes is not read.
 */
final class PublishedEfficientNet {

    /** Epsilon of its batch normalisation. */
    private static final double EPSILON = 1e-3;

    private static final String FIRST = "_conv_stem.weight";

    private PublishedEfficientNet() {}

    /** Whether this file is one. */
    static boolean isAt(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !PublishedConvNet.hasItsName(file)) {
            return false;
        }
        try (Weights weights = WeightsFile.open(file)) {
            return weights.tensors().containsKey(FIRST);
        }
    }

    /**
     * Reads the convolutions into the vector of all weights.
     *
     * @throws IOException if the file is truncated, or a tensor is missing or has another shape
     */
    static void read(Path file, EfficientNet network, FloatBuffer all) throws IOException {
        try (Weights weights = WeightsFile.open(file)) {
            List<Weight> ours = network.weights();
            for (int i = 0; i + 1 < ours.size(); i += 2) {
                if (!ours.get(i).isOutput()) {
                    fold(file, weights, ours.get(i), ours.get(i + 1), all);
                }
            }
        }
    }

    /** Of normalised(x) = (x - mean) / deviation * gamma + beta the factor goes into the weight, the rest into the bias. */
    private static void fold(Path file, Weights published, Weight weight, Weight bias, FloatBuffer all)
            throws IOException {
        Layer layer = Layer.of(weight.name());
        float[] values = values(file, published, layer.convolution() + ".weight", weight.length());
        int out = bias.length();
        float[] gamma = values(file, published, layer.norm() + ".weight", out);
        float[] beta = values(file, published, layer.norm() + ".bias", out);
        float[] mean = values(file, published, layer.norm() + ".running_mean", out);
        float[] variance = values(file, published, layer.norm() + ".running_var", out);
        int row = weight.length() / out;
        for (int o = 0; o < out; o++) {
            double factor = gamma[o] / Math.sqrt(variance[o] + EPSILON);
            for (int i = o * row; i < (o + 1) * row; i++) {
                all.put(weight.offset() + i, (float) (values[i] * factor));
            }
            all.put(bias.offset() + o, (float) (beta[o] - mean[o] * factor));
        }
    }

    private static float[] values(Path file, Weights published, String name, int length) throws IOException {
        if (!published.tensors().containsKey(name)
                || Objects.requireNonNull(published.tensors().get(name)).elements() != length) {
            throw new IOException("%s: %s must have %d values".formatted(file, name, length));
        }
        return published.floats(name);
    }

    /** The published names of a convolution and of the normalisation after it. */
    private record Layer(String convolution, String norm) {

        static Layer of(String weight) {
            String name = weight.substring(0, weight.length() - ".weight".length());
            if (name.equals("stem")) {
                return new Layer("_conv_stem", "_bn0");
            }
            if (name.equals("features")) {
                return new Layer("_conv_head", "_bn1");
            }
            String block = "_" + name.substring(0, name.lastIndexOf('.') + 1);
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "expand" -> new Layer(block + "_expand_conv", block + "_bn0");
                case "depthwise" -> new Layer(block + "_depthwise_conv", block + "_bn1");
                default -> new Layer(block + "_project_conv", block + "_bn2");
            };
        }
    }
}
