package dev.murmuration.weights;

import java.util.List;

/**
 * One tensor of a file.
 *
 * @param name its name
 * @param type type of its elements
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param begin first byte, from the beginning of the file; 0 where it has to be unpacked
 * @param end the byte after its last
 */
public record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {

    /** Takes a copy of the shape. */
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** How many elements it has. */
    public long elements() {
        return (end - begin) / type.bytes();
    }
}
