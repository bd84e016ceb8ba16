package dev.murmuration.photo.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the segments of a JPEG up to its only scan: size, components, quantisation steps, codes. */
final class FrameReader {

    private static final int BASELINE = 0xc0;
    private static final int EXTENDED = 0xc1;
    private static final int HUFFMAN = 0xc4;
    private static final int SCAN = 0xda;
    private static final int QUANTISATION = 0xdb;
    private static final int RESTARTS = 0xdd;
    private static final int APP0 = 0xe0;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int TABLES = 4;
    private static final int COEFFICIENTS = 64;

    private record Component(int id, int across, int down, int steps) {}

    private final byte[] file;
    private final int[] @Nullable [] steps = new int[TABLES][];
    private final @Nullable HuffmanTable[] dc = new HuffmanTable[TABLES];
    private final @Nullable HuffmanTable[] ac = new HuffmanTable[TABLES];
    private Component[] components = {};
    private int[] codes = {};
    private int width;
    private int height;
    private int interval;
    private int data;

    private FrameReader(byte[] file) {
        this.file = file;
    }

    static FrameReader read(byte[] file) throws IrregularException {
        FrameReader reader = new FrameReader(file);
        int at = 2;
        while (reader.data == 0) {
            at = reader.segment(at);
        }
        reader.check();
        return reader;
    }

    private int u8(int at) throws IrregularException {
        if (at >= file.length) {
            throw new IrregularException("ends within its header");
        }
        return file[at] & 0xff;
    }

    private int u16(int at) throws IrregularException {
        return (u8(at) << 8) | u8(at + 1);
    }

    private int segment(int at) throws IrregularException {
        if (u8(at) != 0xff) {
            throw new IrregularException("no marker where one is due");
        }
        int marker = u8(at + 1);
        int end = at + 2 + u16(at + 2);
        int from = at + 4;
        u8(end - 1);
        switch (marker) {
            case BASELINE, EXTENDED -> frame(from);
            case QUANTISATION -> quantisation(from, end);
            case HUFFMAN -> huffman(from, end);
            case RESTARTS -> interval = u16(from);
            case SCAN -> {
                scan(from);
                data = end;
            }
            default -> {
                if ((marker < APP0 || marker > APP15) && marker != COMMENT) {
                    throw new IrregularException("marker %x".formatted(marker));
                }
            }
        }
        return end;
    }

    private void frame(int from) throws IrregularException {
        if (components.length > 0 || u8(from) != Byte.SIZE) {
            throw new IrregularException("two frames, or samples of other than 8 bits");
        }
        height = u16(from + 1);
        width = u16(from + 3);
        components = new Component[u8(from + 5)];
        for (int c = 0; c < components.length; c++) {
            int at = from + 6 + 3 * c;
            components[c] = new Component(u8(at), u8(at + 1) >> 4, u8(at + 1) & 15, u8(at + 2));
        }
        if (components.length == 1) { // Not interleaved: a unit is one block whatever the factors.
            components[0] = new Component(components[0].id(), 1, 1, components[0].steps());
        }
    }

    private void quantisation(int from, int end) throws IrregularException {
        int at = from;
        while (at < end) {
            int bytes = (u8(at) >> 4) + 1;
            int table = u8(at) & 15;
            if (bytes > 2 || table >= TABLES) {
                throw new IrregularException("quantisation table %d".formatted(table));
            }
            at++;
            int[] values = new int[COEFFICIENTS];
            for (int k = 0; k < COEFFICIENTS; k++, at += bytes) {
                values[k] = bytes == 1 ? u8(at) : u16(at);
            }
            steps[table] = values;
        }
    }

    private void huffman(int from, int end) throws IrregularException {
        int at = from;
        while (at < end) {
            int kind = u8(at) >> 4;
            int number = u8(at) & 15;
            int[] counts = new int[HuffmanTable.MAX_LENGTH];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = u8(at + 1 + i);
            }
            int symbols = Arrays.stream(counts).sum();
            at += 1 + counts.length;
            if (kind > 1 || number >= TABLES || symbols > 256 || at + symbols > end) {
                throw new IrregularException("Huffman table %d".formatted(number));
            }
            byte[] table = Arrays.copyOfRange(file, at, at + symbols);
            (kind == 0 ? dc : ac)[number] = HuffmanTable.of(counts, table);
            at += symbols;
        }
    }

    private void scan(int from) throws IrregularException {
        int number = u8(from);
        if (number != components.length) {
            throw new IrregularException("a scan of %d of %d components".formatted(number, components.length));
        }
        codes = new int[number];
        for (int c = 0; c < number; c++) {
            if (u8(from + 1 + 2 * c) != components[c].id()) {
                throw new IrregularException("components in another order");
            }
            codes[c] = u8(from + 2 + 2 * c);
        }
        int spectrum = from + 1 + 2 * number;
        if (u8(spectrum) != 0 || u8(spectrum + 1) != COEFFICIENTS - 1 || u8(spectrum + 2) != 0) {
            throw new IrregularException("a scan of some coefficients");
        }
    }

    private void check() throws IrregularException {
        if (width == 0 || height == 0 || (components.length != 1 && components.length != 3)) {
            throw new IrregularException("%d components of %d x %d".formatted(components.length, width, height));
        }
        for (int c = 0; c < components.length; c++) {
            Component component = components[c];
            int max = c == 0 ? 2 : 1;
            if (component.across() < 1 || component.across() > max || component.down() < 1 || component.down() > max) {
                throw new IrregularException("sampled %d by %d".formatted(component.across(), component.down()));
            }
            steps(c);
            dc(c);
            ac(c);
        }
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int components() {
        return components.length;
    }

    /** Returns how many columns of luminance a chroma sample is for: 1 or 2. */
    int across() {
        return components[0].across();
    }

    /** Returns how many rows of luminance a chroma sample is for: 1 or 2. */
    int down() {
        return components[0].down();
    }

    /** Returns the number of minimum coded units between restarts, or 0. */
    int restartInterval() {
        return interval;
    }

    /** Returns a component's quantisation steps in zigzag order. */
    int[] steps(int component) throws IrregularException {
        return defined(components[component].steps() < TABLES ? steps[components[component].steps()] : null);
    }

    /** Returns a component's code of differences between blocks. */
    HuffmanTable dc(int component) throws IrregularException {
        return defined(codes[component] >> 4 < TABLES ? dc[codes[component] >> 4] : null);
    }

    /** Returns a component's code of the other coefficients. */
    HuffmanTable ac(int component) throws IrregularException {
        return defined((codes[component] & 15) < TABLES ? ac[codes[component] & 15] : null);
    }

    private static <T> T defined(@Nullable T table) throws IrregularException {
        if (table == null) {
            throw new IrregularException("a table that is not defined");
        }
        return table;
    }

    /** Returns a reader at the start of the scan's data. */
    ScanReader scan() {
        return new ScanReader(file, data, components.length);
    }
}
