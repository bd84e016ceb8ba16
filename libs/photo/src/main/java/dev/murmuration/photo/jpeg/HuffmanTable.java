package dev.murmuration.photo.jpeg;

import java.util.Arrays;

/**
 * A Huffman code of T.81 (annex C), as tables for a decoder. A symbol's upper 4 bits are a number of zero coefficients, its lower 4
 * bits the number of bits of the value that follows.
 */
final class HuffmanTable {

    /** Bits with which {@link #entries} is indexed. */
    static final int BITS = 10;

    static final int MAX_LENGTH = 16;

    /** Mask of the number of bits of an entry: those of the code and, if it holds a value, of the value. */
    static final int LENGTH = 31;

    /** Position of the symbol in an entry. */
    static final int SYMBOL = 5;

    /** Position of the value in an entry; 0 where the value's bits are not among those looked up. */
    static final int VALUE = 16;

    /** What starts with each combination of {@link #BITS} bits: value, symbol and length; 0 for longer and for invalid codes. */
    final int[] entries = new int[1 << BITS];

    private final int[] maxCodes = new int[MAX_LENGTH + 1];
    private final int[] offsets = new int[MAX_LENGTH + 1];
    private final byte[] symbols;

    private HuffmanTable(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * Builds a table.
     *
     * @param counts number of codes of each length from 1 to 16
     * @param symbols in the order of their codes
     * @throws IrregularException if there are more codes than bits allow
     */
    static HuffmanTable of(int[] counts, byte[] symbols) throws IrregularException {
        HuffmanTable table = new HuffmanTable(symbols);
        Arrays.fill(table.maxCodes, -1);
        int code = 0;
        int at = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            table.offsets[length] = at - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, at++) {
                if (code >= 1 << length) {
                    throw new IrregularException("more codes than %d bits allow".formatted(length));
                }
                if (length <= BITS) {
                    table.fill(code, length, symbols[at] & 0xff);
                }
                table.maxCodes[length] = code;
            }
            code <<= 1;
        }
        return table;
    }

    private void fill(int code, int length, int symbol) {
        int rest = BITS - length;
        int size = symbol & 15;
        for (int following = 0; following < 1 << rest; following++) {
            int entry = (symbol << SYMBOL) | length;
            if (size > 0 && size <= rest) {
                int value = extended(following >> (rest - size), size);
                entry = (value << VALUE) | (symbol << SYMBOL) | (length + size);
            }
            entries[(code << rest) | following] = entry;
        }
    }

    /** Returns the number that {@code size} bits stand for: below one half of their range it is negative (T.81, F.12). */
    static int extended(int bits, int size) {
        return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    }

    /**
     * Finds the code with which 16 bits start.
     *
     * @return symbol and length as in {@link #entries}, without a value
     * @throws IrregularException if none does
     */
    int search(int next) throws IrregularException {
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int code = next >> (MAX_LENGTH - length);
            if (code <= maxCodes[length]) {
                return ((symbols[offsets[length] + code] & 0xff) << SYMBOL) | length;
            }
        }
        throw new IrregularException("no such code");
    }
}
