package dev.murmuration.student;

import java.util.Arrays;
import java.util.Optional;

/** A prefix code of a JPEG (T.81, annex C): which symbol the next bits begin with. */
final class Prefixes {

    private static final int QUICK = 10;

    static final Prefixes NONE = new Prefixes();

    private final short[] quick = new short[1 << QUICK];
    private final int[] above = new int[18];
    private final int[] shift = new int[17];
    private byte[] symbols = {};

    private Prefixes() {}

    /**
     * The canonical code of these lengths.
     *
     * @param lengths how many codes have each length, from 1 to 16
     * @param symbols in the order of their codes
     * @return empty: there is none
     */
    static Optional<Prefixes> of(int[] lengths, byte[] symbols) {
        Prefixes made = new Prefixes();
        made.symbols = symbols;
        int code = 0;
        int next = 0;
        for (int length = 1; length <= 16; length++) {
            made.shift[length] = next - code;
            for (int i = 0; i < lengths[length]; i++, code++, next++) {
                if (code >= 1 << length) {
                    return Optional.empty();
                }
                if (length <= QUICK) {
                    int from = code << (QUICK - length);
                    int to = (code + 1) << (QUICK - length);
                    Arrays.fill(made.quick, from, to, (short) ((length << 8) | (symbols[next] & 0xff)));
                }
            }
            made.above[length] = code << (16 - length);
            code <<= 1;
        }
        return Optional.of(made);
    }

    /** The symbol that 16 bits begin with, and 256 times its length; 0 if there is none. */
    int find(int sixteen) {
        int found = quick[sixteen >> (16 - QUICK)];
        return found != 0 ? found : findLong(sixteen);
    }

    private int findLong(int sixteen) {
        for (int length = QUICK + 1; length <= 16; length++) {
            if (sixteen < above[length]) {
                return (length << 8) | (symbols[(sixteen >> (16 - length)) + shift[length]] & 0xff);
            }
        }
        return 0;
    }
}
