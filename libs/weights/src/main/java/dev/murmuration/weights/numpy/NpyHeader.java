package dev.murmuration.weights.numpy;

import dev.murmuration.weights.WeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an array in <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy's format</a>.
 *
 * @param type as NumPy writes it, for example {@code <f4}
 * @param fortran whether the elements are stored column by column
 * @param bytes length of the header
 */
record NpyHeader(String type, boolean fortran, List<Long> shape, int bytes) {

    /** Maximum length of a header, in bytes. */
    static final int MAX_BYTES = 1 << 16;

    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final Pattern DESCRIPTION = Pattern.compile(
            "\\{'descr': '([^']{1,16})', 'fortran_order': (True|False), 'shape': \\(([\\d, L]{0,400})\\),? *\\}\\s*");

    /**
     * Reads a header from the start of a buffer.
     *
     * @param what file and array, for messages
     */
    static NpyHeader read(String what, ByteBuffer given) throws WeightsException {
        ByteBuffer in = given.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < 12 || !in.slice(in.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw new WeightsException("%s is not an array of NumPy".formatted(what));
        }
        int version = in.get(in.position() + MAGIC.length);
        int prefix = version == 1 ? 10 : 12;
        long length = version == 1
                ? Short.toUnsignedInt(in.getShort(in.position() + 8))
                : Integer.toUnsignedLong(in.getInt(in.position() + 8));
        if (version < 1 || version > 3 || length > in.remaining() - prefix) {
            throw new WeightsException("%s has a header of version %d and %d bytes".formatted(what, version, length));
        }
        String text = StandardCharsets.ISO_8859_1
                .decode(in.slice(in.position() + prefix, (int) length))
                .toString();
        Matcher matcher = DESCRIPTION.matcher(text);
        if (!matcher.matches()) {
            throw new WeightsException("%s is described by %s"
                    .formatted(what, text.substring(0, Math.min(80, text.length()))));
        }
        return new NpyHeader(
                matcher.group(1),
                matcher.group(2).equals("True"),
                shape(what, matcher.group(3)),
                prefix + (int) length);
    }

    private static List<Long> shape(String what, String text) throws WeightsException {
        List<Long> shape = new ArrayList<>();
        for (String size : text.replace("L", "").split(",", -1)) {
            if (!size.isBlank()) {
                try {
                    shape.add(Long.valueOf(size.strip()));
                } catch (NumberFormatException e) {
                    throw new WeightsException("%s has the shape (%s)".formatted(what, text), e);
                }
            }
        }
        return shape;
    }
}
