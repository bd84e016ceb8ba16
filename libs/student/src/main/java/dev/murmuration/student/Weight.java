package dev.murmuration.student;

import java.util.List;

/**
 * One tensor of a student's weights.
 *
 * @param name as Hugging Face's {@code ViTForImageClassification} calls it, or the layer of a convolutional network and {@code weight} or {@code bias}
 * @param shape its dimensions, outermost first
 * @param offset where it begins in the vector of all weights
 */
public record Weight(String name, List<Integer> shape, int offset) {

    /** What the names of a head begin with that {@code ViTForImageClassification} does not have. */
    static final String HEAD = "head.";

    /** Takes a copy of the shape. */
    public Weight {
        shape = List.copyOf(shape);
    }

    /** Number of its values. */
    public int length() {
        return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    /** Whether it belongs to the head rather than to the encoder. */
    boolean isHead() {
        return name.startsWith(HEAD) || name.startsWith("classifier.");
    }

    /** Whether it sorts into the classes, with a row for each. */
    boolean isOutput() {
        return name.startsWith(HEAD + "output.") || name.startsWith("classifier.") || name.startsWith("fc8.");
    }

    /** Whether it multiplies something: matrices and patch filters do, biases, norms, class token and positions do not. */
    public boolean isMatrix() {
        return name.endsWith(".weight") && shape.size() > 1;
    }
}
