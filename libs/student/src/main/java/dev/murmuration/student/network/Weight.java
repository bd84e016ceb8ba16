package dev.murmuration.student.network;

import java.util.List;

/**
 * One tensor of a student's weights.
 *
 * @param name as in Hugging Face's {@code ViTForImageClassification}, or the layer of a convolutional network and {@code weight}
 *     or {@code bias}
 * @param shape its dimensions, outermost first
 * @param offset of its first value in the vector of all weights
 */
public record Weight(String name, List<Integer> shape, int offset) {

    /** Prefix of the names of a head that {@code ViTForImageClassification} does not have. */
    public static final String HEAD = "head.";

    /** Copies the shape. */
    public Weight {
        shape = List.copyOf(shape);
    }

    /** Number of its values. */
    public int length() {
        return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    /** Whether it belongs to the head rather than to the encoder. */
    public boolean isHead() {
        return name.startsWith(HEAD) || name.startsWith("classifier.");
    }

    /** Whether it is the output layer, with a row per class. */
    public boolean isOutput() {
        return name.startsWith(HEAD + "output.") || name.startsWith("classifier.") || name.startsWith("fc8.");
    }

    /** Whether it is a matrix or a patch filter, not a bias, norm, class token or position. */
    public boolean isMatrix() {
        return name.endsWith(".weight") && shape.size() > 1;
    }
}
