package dev.murmuration.photo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a file; every read is bounds-checked. */
final class Bytes {

    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

    private final byte[] all;

    Bytes(byte[] all) {
        this.all = all;
    }

    byte[] all() {
        return all;
    }

    int length() {
        return all.length;
    }

    int u8(int at) throws PhotoException {
        if (at < 0 || at >= all.length) {
            throw PhotoException.corrupt("cut short: ends after %d bytes, inside its header".formatted(all.length));
        }
        return all[at] & 0xff;
    }

    int u16(int at) throws PhotoException {
        return (u8(at) << 8) | u8(at + 1);
    }

    int u16le(int at) throws PhotoException {
        return u8(at) | (u8(at + 1) << 8);
    }

    int u24le(int at) throws PhotoException {
        return u16le(at) | (u8(at + 2) << 16);
    }

    int i32(int at) throws PhotoException {
        return (u16(at) << 16) | u16(at + 2);
    }

    long u32le(int at) throws PhotoException {
        return u16le(at) | ((long) u16le(at + 2) << 16);
    }

    boolean isAt(int at, String tag) {
        return isAt(at, tag.getBytes(StandardCharsets.ISO_8859_1));
    }

    private boolean isAt(int at, byte[] tag) {
        return at >= 0 && at <= all.length - tag.length && Arrays.equals(all, at, at + tag.length, tag, 0, tag.length);
    }

    /** Returns the orientation of an EXIF block, with or without JPEG's prefix, which some writers keep in other formats too. */
    Orientation orientation(int from, int length) {
        int skipped = isAt(from, EXIF) ? EXIF.length : 0;
        int within = Math.min(length, all.length - from) - skipped;
        return within < 0 ? Orientation.UPRIGHT : Exif.orientation(all, from + skipped, within);
    }
}
