package dev.murmuration.photo.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads blocks of coefficients from the entropy-coded bytes of a sequential scan (T.81, F.2.2). Its state is copied to local variables
 * for each block, where the compiler keeps it in registers.
 */
final class ScanReader {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int RESTART = 0xd0;
    private static final int MASK = (1 << HuffmanTable.BITS) - 1;
    private static final int LAST = 63;
    private static final int END_OF_BLOCK = 0;
    private static final int SIXTEEN_ZEROS = 0xf0;

    private final byte[] bytes;
    private int at;
    /** The lower {@link #left} bits are still to be read. */
    private long bits;

    private int left;
    /** Zeros that were added after the last byte. */
    private int padding;

    private final int[] predictions;

    ScanReader(byte[] bytes, int from, int components) {
        this.bytes = bytes;
        this.at = from;
        this.predictions = new int[components];
    }

    /**
     * Reads a block.
     *
     * @param coefficients dequantised values to set, by their place in zigzag order and by block; those that are zero are not set
     * @param block its number
     * @param component its number
     * @param steps quantisation steps in zigzag order
     * @throws IrregularException if it is damaged
     */
    void block(int[][] coefficients, int block, int component, HuffmanTable dc, HuffmanTable ac, int[] steps)
            throws IrregularException {
        coefficients[0][block] = steps[0] * difference(component, dc);
        int[] entries = ac.entries;
        long bits = this.bits;
        int left = this.left;
        int at = this.at;
        for (int k = 1; k <= LAST; k++) {
            if (left < Integer.SIZE) {
                int next = at <= bytes.length - Integer.BYTES ? (int) INT.get(bytes, at) : -1;
                if (hasMarker(next)) {
                    this.bits = bits;
                    this.left = left;
                    this.at = at;
                    loadSingly();
                    bits = this.bits;
                    left = this.left;
                    at = this.at;
                } else {
                    bits = (bits << Integer.SIZE) | (next & 0xffffffffL);
                    left += Integer.SIZE;
                    at += Integer.BYTES;
                }
            }
            int entry = entries[(int) (bits >>> (left - HuffmanTable.BITS)) & MASK];
            int value = entry >> HuffmanTable.VALUE;
            if (value == 0) {
                if (entry == 0) {
                    entry = ac.search((int) (bits >>> (left - HuffmanTable.MAX_LENGTH)) & 0xffff);
                }
                left -= entry & HuffmanTable.LENGTH;
                int symbol = entry >> HuffmanTable.SYMBOL;
                int size = symbol & 15;
                if (symbol == END_OF_BLOCK) {
                    break;
                }
                if (symbol == SIXTEEN_ZEROS) {
                    k += 15;
                    continue;
                }
                if (size == 0) {
                    throw new IrregularException("a run without a value");
                }
                left -= size;
                value = HuffmanTable.extended((int) (bits >>> left) & ((1 << size) - 1), size);
                k += symbol >> 4;
            } else {
                left -= entry & HuffmanTable.LENGTH;
                k += (entry >> (HuffmanTable.SYMBOL + 4)) & 15;
            }
            if (k > LAST) {
                throw new IrregularException("more than 64 coefficients");
            }
            coefficients[k][block] = value * steps[k];
        }
        this.bits = bits;
        this.left = left;
        this.at = at;
    }

    private int difference(int component, HuffmanTable dc) throws IrregularException {
        if (left < Integer.SIZE) {
            loadSingly();
        }
        int entry = dc.entries[(int) (bits >>> (left - HuffmanTable.BITS)) & MASK];
        if (entry == 0) {
            entry = dc.search((int) (bits >>> (left - HuffmanTable.MAX_LENGTH)) & 0xffff);
        }
        left -= entry & HuffmanTable.LENGTH;
        int value = entry >> HuffmanTable.VALUE;
        int size = (entry >> HuffmanTable.SYMBOL) & 0xff;
        if (value == 0 && size > 0) {
            if (size > 15) {
                throw new IrregularException("a difference of %d bits".formatted(size));
            }
            left -= size;
            value = HuffmanTable.extended((int) (bits >>> left) & ((1 << size) - 1), size);
        }
        predictions[component] += value;
        return predictions[component];
    }

    /** Whether one of the bytes may be 0xff. */
    private static boolean hasMarker(int next) {
        return (next & (~next - 0x01010101) & 0x80808080) != 0;
    }

    // A marker is not read past: zeros follow.
    private void loadSingly() {
        while (left <= Long.SIZE - 2 * Byte.SIZE) {
            int next = 0;
            if (at < bytes.length && bytes[at] != (byte) 0xff) {
                next = bytes[at++] & 0xff;
            } else if (at + 1 < bytes.length && bytes[at] == (byte) 0xff && bytes[at + 1] == 0) {
                next = 0xff;
                at += 2;
            } else {
                padding += Byte.SIZE;
            }
            bits = (bits << Byte.SIZE) | next;
            left += Byte.SIZE;
        }
    }

    /**
     * Passes the marker between two intervals.
     *
     * @param number of the marker, 0 to 7
     * @throws IrregularException if it is not the next
     */
    void restart(int number) throws IrregularException {
        end();
        if (at + 1 >= bytes.length || bytes[at] != (byte) 0xff || (bytes[at + 1] & 0xff) != RESTART + number) {
            throw new IrregularException("no restart where one is due");
        }
        at += 2;
        bits = 0;
        left = 0;
        padding = 0;
        Arrays.fill(predictions, 0);
    }

    /**
     * Checks that the data so far did not end early.
     *
     * @throws IrregularException if they did
     */
    void end() throws IrregularException {
        if (padding > left) {
            throw new IrregularException("data end early");
        }
    }
}
