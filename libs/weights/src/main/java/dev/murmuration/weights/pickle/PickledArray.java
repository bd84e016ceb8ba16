package dev.murmuration.weights.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A NumPy array as {@link Unpickler} builds it, not yet checked; its contents are set after its creation. */
public final class PickledArray {

    /**
     * Bytes of a pickle, or of a string that represents them.
     *
     * @param begin their offset in the pickle; -1 for those of a string
     */
    public record Raw(int begin, ByteBuffer bytes) {
        /** As Python 2 interprets them. */
        String text() {
            return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
        }
    }

    /** The type of an array's elements; its byte order is set after its creation. */
    public static final class Dtype {
        private final String kind;
        private String order = "|";

        Dtype(String kind) {
            this.kind = kind;
        }

        void order(String given) {
            order = given;
        }

        /** As NumPy writes it, for example {@code <f4}. */
        public String name() {
            return order + kind;
        }
    }

    private List<Long> shape = List.of();
    private Dtype type = new Dtype("none");
    private boolean fortran;
    private Object content = List.of();

    void fill(List<Long> givenShape, Dtype givenType, boolean byColumns, Object given) {
        shape = givenShape;
        type = givenType;
        fortran = byColumns;
        content = given;
    }

    /** Length of each dimension. */
    public List<Long> shape() {
        return shape;
    }

    /** Type of its elements. */
    public Dtype type() {
        return type;
    }

    /** Whether its bytes are stored column by column. */
    public boolean fortran() {
        return fortran;
    }

    /** {@link Raw}, or for an array of objects a {@link List}. */
    public Object content() {
        return content;
    }
}
