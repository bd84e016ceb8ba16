package dev.murmuration.programs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of a program's attributes, set once when it is loaded. Only numbers and truth values: tensors enter through the
 * program's own methods, and its {@code List[Tensor]} attributes begin empty without being named here.
 */
public final class Attributes {

    private final Map<String, Object> values = new LinkedHashMap<>();

    private Attributes() {}

    /** No attribute yet. */
    public static Attributes none() {
        return new Attributes();
    }

    /** Sets an attribute that the program declares as {@code int}. */
    public Attributes with(String name, long value) {
        values.put(name, value);
        return this;
    }

    /** Sets an attribute that the program declares as {@code float}. */
    public Attributes with(String name, double value) {
        values.put(name, value);
        return this;
    }

    /** Sets an attribute that the program declares as {@code bool}. */
    public Attributes with(String name, boolean value) {
        values.put(name, value);
        return this;
    }

    Map<String, Object> values() {
        return values;
    }
}
