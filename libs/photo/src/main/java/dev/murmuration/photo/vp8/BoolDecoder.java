package dev.murmuration.photo.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The arithmetic decoder of VP8 (RFC 6386, section 7). Past the end of its bytes it reads zeros and records that it did. */
final class BoolDecoder {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;
    private int range = 255;
    // The top 8 of its 8 + bits bits are compared.
    private long value;
    private int bits = -8;
    private boolean isPastEnd;

    BoolDecoder(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Reads a bit that is 0 with the given probability, in 256ths. */
    int bit(int probability) {
        if (bits < 0) {
            load();
        }
        int split = 1 + (((range - 1) * probability) >> 8);
        long bigSplit = (long) split << bits;
        int bit = 0;
        if (value >= bigSplit) {
            range -= split;
            value -= bigSplit;
            bit = 1;
        } else {
            range = split;
        }
        int shift = Integer.numberOfLeadingZeros(range) - 24;
        range <<= shift;
        bits -= shift;
        return bit;
    }

    boolean flag() {
        return bit(128) == 1;
    }

    /** Reads an unsigned number of the given number of bits. */
    int number(int width) {
        int number = 0;
        for (int i = 0; i < width; i++) {
            number = (number << 1) | bit(128);
        }
        return number;
    }

    /** Reads a magnitude of the given number of bits, then its sign. */
    int signed(int width) {
        int number = number(width);
        return flag() ? -number : number;
    }

    /** Reads a flag and, if it is set, such a signed number; else returns 0. */
    int optionalSigned(int width) {
        return flag() ? signed(width) : 0;
    }

    boolean isPastEnd() {
        return isPastEnd;
    }

    private void load() {
        if (at + 4 <= end) {
            value = (value << 32) | ((int) INT.get(bytes, at) & 0xffffffffL);
            at += 4;
            bits += 32;
            return;
        }
        isPastEnd |= at >= end;
        value = (value << 8) | (at < end ? bytes[at++] & 0xff : 0);
        bits += 8;
    }
}
