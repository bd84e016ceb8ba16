package dev.murmuration.weights.zip;

import dev.murmuration.weights.WeightsException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks deflated bytes into no more room than they can fill. */
public final class Deflated {

    // A deflated byte gives 1032 at most: 258 for each of its four pairs of bits.
    private static final long MOST_PER_BYTE = 1032;

    private Deflated() {}

    /** The most bytes that so many packed ones can stand for. */
    public static long most(long packed) {
        return packed > Long.MAX_VALUE / MOST_PER_BYTE ? Long.MAX_VALUE : packed * MOST_PER_BYTE;
    }

    /**
     * Unpacks zlib's format (RFC 1950).
     *
     * @param atMost the most bytes that are wanted
     */
    public static byte[] zlib(byte[] packed, int atMost, String file, String name) throws WeightsException {
        return inflated(new Inflater(), packed, atMost, file, name);
    }

    /**
     * Unpacks a zip archive's bare format (RFC 1951).
     *
     * @param atMost the most bytes that are wanted; what comes after them is not looked at
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
