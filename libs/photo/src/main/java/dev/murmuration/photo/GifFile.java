package dev.murmuration.photo;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;

/**
 * The first frame of a GIF (89a) on its logical screen, which is at least as large as the frame. Pixels that the frame does not cover have
 * the transparent colour, or else the first colour.
 */
final class GifFile implements PhotoFile {

    private static final int NONE = -1;

    private final Bytes bytes;
    private final Header header;
    private final int left;
    private final int top;
    private final byte[] palette;
    private final int transparent;

    private GifFile(Bytes bytes, Header header, int left, int top, byte[] palette, int transparent) {
        this.bytes = bytes;
        this.header = header;
        this.left = left;
        this.top = top;
        this.palette = palette;
        this.transparent = transparent;
    }

    static GifFile open(Bytes bytes) throws PhotoException {
        int flags = bytes.u8(10);
        byte[] palette = palette(bytes, flags, 13);
        int at = 13 + palette.length;
        int transparent = NONE;
        while (bytes.u8(at) == 0x21) {
            if (bytes.u8(at + 1) == 0xf9 && bytes.u8(at + 2) >= 4) {
                transparent = (bytes.u8(at + 3) & 1) == 1 ? bytes.u8(at + 6) : NONE;
            }
            at += 2;
            while (bytes.u8(at) != 0) {
                at += 1 + bytes.u8(at);
            }
            at++;
        }
        if (bytes.u8(at) != 0x2c) {
            throw PhotoException.corrupt("GIF without a frame");
        }
        int left = bytes.u16le(at + 1);
        int top = bytes.u16le(at + 3);
        int width = bytes.u16le(at + 5);
        int height = bytes.u16le(at + 7);
        byte[] own = palette(bytes, bytes.u8(at + 9), at + 10);
        if (width == 0 || height == 0) {
            throw PhotoException.corrupt("GIF with a frame of %d x %d pixels".formatted(width, height));
        }
        Header header = new Header(
                Format.GIF,
                Math.max(bytes.u16le(6), left + width),
                Math.max(bytes.u16le(8), top + height),
                Orientation.UPRIGHT,
                1);
        return new GifFile(bytes, header, left, top, own.length > 0 ? own : palette, transparent);
    }

    private static byte[] palette(Bytes bytes, int flags, int at) throws PhotoException {
        int length = (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
        if (length > 0) {
            bytes.u8(at + length - 1);
        }
        return length == 0 ? new byte[0] : Arrays.copyOfRange(bytes.all(), at, at + length);
    }

    @Override
    public Header header() {
        return header;
    }

    @Override
    public void decode(Canvas canvas, Deadline deadline) throws IOException {
        Raster frame = Readers.gif(bytes.all(), deadline);
        byte[] free = new byte[3 * header.storedWidth()];
        for (int x = 0; x < header.storedWidth(); x++) {
            show(transparent == NONE ? 0 : transparent, free, 3 * x);
        }
        byte[] row = new byte[free.length];
        int[] indices = new int[frame.getWidth()];
        for (int y = 0; y < header.storedHeight(); y++) {
            System.arraycopy(free, 0, row, 0, row.length);
            if (y >= top && y < top + frame.getHeight()) {
                frame.getSamples(0, y - top, indices.length, 1, 0, indices);
                for (int x = 0; x < indices.length; x++) {
                    show(indices[x], row, 3 * (left + x));
                }
            }
            canvas.whole(y, row);
        }
    }

    private void show(int index, byte[] rgb, int to) {
        for (int c = 0; c < 3; c++) {
            int from = 3 * index + c;
            rgb[to + c] = palette.length == 0 ? (byte) index : from < palette.length ? palette[from] : 0;
        }
    }
}
