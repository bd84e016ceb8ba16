package dev.murmuration.weights.zip;

import dev.murmuration.weights.WeightsException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates data without allocating more than they can fill. */
public final class Deflated {

    // A deflated byte inflates to at most 1032: 258 for each of its four pairs of bits.
    private static final long MAX_PER_BYTE = 1032;

    private Deflated() {}

    /** Maximum inflated size of this many deflated bytes. */
    public static long most(long packed) {
        return packed > Long.MAX_VALUE / MAX_PER_BYTE ? Long.MAX_VALUE : packed * MAX_PER_BYTE;
    }

    /**
     * Unpacks zlib's format (RFC 1950).
     *
     * @param atMost maximum number of bytes to return
     */
    public static byte[] zlib(byte[] packed, int atMost, String file, String name) throws WeightsException {
        return inflated(new Inflater(), packed, atMost, file, name);
    }

    /**
     * Unpacks a zip archive's bare format (RFC 1951).
     *
     * @param atMost maximum number of bytes to return; the rest is ignored
     */
    public static byte[] bare(byte[] packed, int atMost, String file, String name) throws WeightsException {
        return inflated(new Inflater(true), packed, atMost, file, name);
    }

    private static byte[] inflated(Inflater inflater, byte[] packed, int atMost, String file, String name)
            throws WeightsException {
        try {
            inflater.setInput(packed);
            byte[] out = new byte[(int) Math.min(atMost, most(packed.length))];
            int length = 0;
            while (length < out.length && !inflater.finished()) {
                int more = inflater.inflate(out, length, out.length - length);
                if (more == 0) {
                    break;
                }
                length += more;
            }
            return Arrays.copyOf(out, length);
        } catch (DataFormatException e) {
            throw new WeightsException("%s: tensor %s cannot be unpacked: %s".formatted(file, name, e.getMessage()), e);
        } finally {
            inflater.end();
        }
    }
}
