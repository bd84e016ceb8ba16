package dev.murmuration.crawler.photo;

import dev.murmuration.crawler.photo.Header.Block;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Walks the segments of a JPEG (ITU T.81), the chunks of a PNG (ISO 15948) or WebP (RFC 9649) and the descriptors of a GIF (89a) far enough to know size and
 * EXIF block. Every read is checked against the end of the bytes; a file that ends too early or claims nonsense has no header.
 */
final class HeaderReader {

    /** The file is of this format and its header is broken. */
    static final class BrokenHeaderException extends Exception {
        private static final long serialVersionUID = 1;

        BrokenHeaderException(String message) {
            super(message);
        }
    }

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

    private final byte[] bytes;

    private HeaderReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The header; empty if the bytes are none of the formats. */
    static Optional<Header> read(byte[] bytes) throws BrokenHeaderException {
        HeaderReader reader = new HeaderReader(bytes);
        if (bytes.length > 3 && reader.u16(0) == 0xFFD8 && reader.u8(2) == 0xFF) {
            return Optional.of(reader.jpeg());
        }
        if (reader.startsWith(0, PNG_SIGNATURE)) {
            return Optional.of(reader.png());
        }
        if (reader.tag(0, "GIF87a") || reader.tag(0, "GIF89a")) {
            return Optional.of(reader.gif());
        }
        if (reader.tag(0, "RIFF") && reader.tag(8, "WEBP")) {
            return Optional.of(reader.webp());
        }
        return Optional.empty();
    }

    private Header jpeg() throws BrokenHeaderException {
        Optional<Block> exif = Optional.empty();
        int at = 2;
        while (true) {
            // Decoders skip junk between segments, and so do we.
            while (u8(at) != 0xFF) {
                at++;
            }
            int marker = u8(at + 1);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                at += 2;
                continue;
            }
            if (marker == 0xDA || marker == 0xD9) {
                throw new BrokenHeaderException("JPEG data without a frame header");
            }
            int length = u16(at + 2);
            if (length < 2) {
                throw new BrokenHeaderException("JPEG segment of %d bytes at byte %d".formatted(length, at));
            }
            // SOF0..SOF15 except DHT, JPG and DAC, which share the range.
            if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                return new Header(Format.JPEG, u16(at + 7), u16(at + 5), exif);
            }
            if (marker == 0xE1 && exif.isEmpty() && length > 8 && startsWith(at + 4, EXIF)) {
                exif = Optional.of(new Block(at + 10, Math.min(length - 8, bytes.length - at - 10)));
            }
            at += 2 + length;
        }
    }

    private Header png() throws BrokenHeaderException {
        if (!tag(12, "IHDR")) {
            throw new BrokenHeaderException("PNG does not begin with IHDR");
        }
        int width = i32(16);
        int height = i32(20);
        Optional<Block> exif = Optional.empty();
        int at = 8;
        // eXIf stands before the pixels; after them only its absence can be told, and that is what we assume.
        while (at + 8 <= bytes.length && !tag(at + 4, "IDAT") && !tag(at + 4, "IEND")) {
            int length = i32(at);
            if (length < 0 || length > bytes.length - at - 8) {
                throw new BrokenHeaderException("PNG chunk of %d bytes at byte %d".formatted(length, at));
            }
            if (tag(at + 4, "eXIf")) {
                exif = Optional.of(new Block(at + 8, length));
            }
            at += 12 + length;
        }
        return new Header(Format.PNG, width, height, exif);
    }

    private Header gif() throws BrokenHeaderException {
        int width = u16le(6);
        int height = u16le(8);
        int at = 13 + colorTable(u8(10));
        while (u8(at) == 0x21) {
            at += 2;
            while (u8(at) != 0) {
                at += 1 + u8(at);
            }
            at++;
        }
        if (u8(at) != 0x2C) {
            throw new BrokenHeaderException("GIF without a frame");
        }
        return new Header(
                Format.GIF, Math.max(width, u16le(at + 5)), Math.max(height, u16le(at + 7)), Optional.empty());
    }

    private static int colorTable(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private Header webp() throws BrokenHeaderException {
        if (tag(12, "VP8 ")) {
            return new Header(Format.WEBP, u16le(26) & 0x3FFF, u16le(28) & 0x3FFF, Optional.empty());
        }
        if (tag(12, "VP8L")) {
            int packed = u16le(21) | u16le(23) << 16;
            return new Header(Format.WEBP, (packed & 0x3FFF) + 1, (packed >>> 14 & 0x3FFF) + 1, Optional.empty());
        }
        if (!tag(12, "VP8X")) {
            throw new BrokenHeaderException("WebP without a VP8 chunk");
        }
        int width = (u16le(24) | u8(26) << 16) + 1;
        int height = (u16le(27) | u8(29) << 16) + 1;
        Optional<Block> exif = Optional.empty();
        long at = 12;
        while (at + 8 <= bytes.length) {
            int offset = (int) at;
            long length = Integer.toUnsignedLong(u16le(offset + 4) | u16le(offset + 6) << 16);
            if (tag(offset, "EXIF")) {
                // Some writers keep JPEG's prefix.
                int skip = startsWith(offset + 8, EXIF) ? EXIF.length : 0;
                exif = Optional.of(
                        new Block(offset + 8 + skip, (int) Math.min(length, bytes.length - offset - 8L) - skip));
            }
            at += 8 + length + (length & 1);
        }
        return new Header(Format.WEBP, width, height, exif);
    }

    private boolean tag(int offset, String tag) {
        return startsWith(offset, tag.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean startsWith(int offset, byte[] prefix) {
        return offset + prefix.length <= bytes.length
                && java.util.Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
    }

    private int u8(int offset) throws BrokenHeaderException {
        if (offset >= bytes.length) {
            throw new BrokenHeaderException("ends after %d bytes, inside the header".formatted(bytes.length));
        }
        return bytes[offset] & 0xFF;
    }

    private int u16(int offset) throws BrokenHeaderException {
        return u8(offset) << 8 | u8(offset + 1);
    }

    private int u16le(int offset) throws BrokenHeaderException {
        return u8(offset) | u8(offset + 1) << 8;
    }

    private int i32(int offset) throws BrokenHeaderException {
        return u16(offset) << 16 | u16(offset + 2);
    }
}
