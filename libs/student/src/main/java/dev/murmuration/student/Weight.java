package dev.murmuration.student;

import java.util.List;

/**
 * One tensor of a student's weights.
 *
 * @param name as Hugging Face's {@code ViTForImageClassification} calls it
 * @param shape its dimensions, outermost first
 * @param offset where it begins in the vector of all weights
 */
public record Weight(String name, List<Integer> shape, int offset) {

    /** Takes a copy of the shape. */
    public Weight {
        shape = List.copyOf(shape);
    }

    /** Number of its values. */
    public int length() {
        return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    /** Whether it multiplies something: matrices and patch filters do, biases, norms, class token and positions do not. */
    public boolean isMatrix() {
        return name.endsWith(".weight") && shape.size() > 1;
    }
}
