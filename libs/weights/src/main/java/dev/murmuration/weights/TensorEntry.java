package dev.murmuration.weights;

import java.util.List;

/**
 * One tensor of a file.
 *
 * @param name its name
 * @param type type of its elements
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param begin offset of the first byte in the file; 0 if it has to be unpacked
 * @param end the byte after its last
 */
public record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {

    /** Copies the shape. */
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return (end - begin) / type.bytes();
    }
}
