package dev.murmuration.student;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A baseline JPEG (ITU-T T.81) decoded to its planes, without the colours of pixels that nobody looks at: a student sees 224 by 224 of them, whatever the photo has.
 * What is not that plain, or damaged in any way, is left to Image I/O, which also knows how to say what is wrong.
 */
final class Jpeg {

    /** Left to Image I/O. It has no stack trace, since it is met often. */
    private static final class NotPlainException extends Exception {
        private static final long serialVersionUID = 1L;

        NotPlainException(String why) {
            super(why, null, false, false);
        }
    }

    private static final int BASELINE = 0xC0;
    private static final int EXTENDED = 0xC1;
    private static final int HUFFMAN = 0xC4;
    private static final int FIRST_RESTART = 0xD0;
    private static final int IMAGE = 0xD8;
    private static final int SCAN = 0xDA;
    private static final int QUANTISATION = 0xDB;
    private static final int RESTART_INTERVAL = 0xDD;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
    private static final byte[] JFIF = {'J', 'F', 'I', 'F', 0};
    private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Where the coefficients lie in a block that is kept column by column, in the order of the file (T.81, figure A.6). */
    private static final byte[] ZIGZAG = {
        0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40,
        33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56, 49, 42, 35,
        28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30,
        23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63
    };

    /** Up to here in that order all lie in the first 4 rows and columns. */
    private static final int LAST_SMOOTH = 9;

    private static final class Component {
        private final int id;
        private final int h;
        private final int v;
        private final int table;
        private int[] quantisation = new int[64];
        private Prefixes dc = Prefixes.NONE;
        private Prefixes ac = Prefixes.NONE;
        private int before;

        Component(int id, int h, int v, int table) {
            this.id = id;
            this.h = h;
            this.v = v;
            this.table = table;
        }
    }

    private final byte[] bytes;
    private final long maxPixels;
    private final int[] @Nullable [] quantisations = new int[4][];
    private final @Nullable Prefixes[] dc = new Prefixes[4];
    private final @Nullable Prefixes[] ac = new Prefixes[4];
    private final List<Component> components = new ArrayList<>();
    private final int[] block = new int[64];
    private final int[] scratch = new int[64];
    private int width;
    private int height;
    private int restartInterval;
    private boolean isJfif;
    private boolean isExif;
    private int at;

    // The next bits of the scan lie at the top of a word; behind the end of the data come zeros, which are counted.
    private long bits;
    private int count;
    private int made;

    private Jpeg(byte[] bytes, long maxPixels) {
        this.bytes = bytes;
        this.maxPixels = maxPixels;
    }

    /**
     * The planes of a photo: brightness alone, or brightness, blue and red.
     *
     * @return empty: this is no plain JPEG, or a damaged one
     * @throws PhotoException if it has more pixels than allowed; nothing is decoded then
     */
    static Optional<Planes> decode(byte[] bytes, long maxPixels) throws PhotoException {
        Jpeg jpeg = new Jpeg(bytes, maxPixels);
        try {
            jpeg.readHeaders();
            List<Plane> planes = jpeg.readScan();
            return Optional.of(new Planes(planes, jpeg.isExif ? Orientation.of(bytes) : Orientation.UPRIGHT));
        } catch (NotPlainException | IndexOutOfBoundsException leftToOthers) { // The end may come anywhere.
            return Optional.empty();
        }
    }

    private void readHeaders() throws NotPlainException, PhotoException {
        require(bytes.length > 4 && word(0) == (0xff00 | IMAGE), "no JPEG");
        at = 2;
        while (true) {
            require(next() == 0xff, "no marker");
            int marker = next();
            while (marker == 0xff) {
                marker = next();
            }
            int length = word(at);
            int from = at + 2;
            at += length;
            require(length >= 2 && at <= bytes.length, "a segment that is cut off");
            switch (marker) {
                case BASELINE, EXTENDED -> readFrame(from);
                case HUFFMAN -> readPrefixes(from);
                case QUANTISATION -> readQuantisations(from);
                case RESTART_INTERVAL -> restartInterval = word(from);
                case SCAN -> {
                    readScanHeader(from);
                    return;
                }
                case APP0 -> isJfif |= isAt(from, JFIF);
                case APP1 -> isExif |= isAt(from, EXIF);
                case APP14 -> require(!isAt(from, ADOBE) || (bytes[from + 11] & 0xff) == 1, "colours of another kind");
                default -> require(marker < BASELINE || marker > 0xCF, "not sequential");
            }
        }
    }

    private void readFrame(int from) throws NotPlainException, PhotoException {
        require(bytes[from] == 8 && components.isEmpty(), "samples of other than 8 bits");
        height = word(from + 1);
        width = word(from + 3);
        if ((long) width * height > maxPixels) {
            throw new PhotoException("%d pixels, more than %d".formatted((long) width * height, maxPixels));
        }
        int number = bytes[from + 5];
        require(width > 0 && height > 0 && (number == 1 || number == 3), "neither gray nor three colours");
        for (int i = 0; i < number; i++) {
            int of = from + 6 + 3 * i;
            int h = number == 1 ? 1 : bytes[of + 1] >> 4; // A single component is not interleaved (T.81, A.2.2).
            int v = number == 1 ? 1 : bytes[of + 1] & 15;
            require((h == 1 || h == 2) && (v == 1 || v == 2) && bytes[of + 2] < 4, "an unusual frame");
            components.add(new Component(bytes[of] & 0xff, h, v, bytes[of + 2] & 3));
        }
    }

    private void readQuantisations(int from) throws NotPlainException {
        for (int i = from; i < at; ) {
            int head = bytes[i++];
            require(head >= 0 && head < 4, "quantisation in words");
            int[] table = new int[64];
            for (int k = 0; k < 64; k++) {
                table[k] = bytes[i++] & 0xff;
            }
            quantisations[head] = table;
        }
    }

    private void readPrefixes(int from) throws NotPlainException {
        for (int i = from; i < at; ) {
            int head = bytes[i++];
            require((head & 0xEC) == 0, "an unusual table");
            int[] lengths = new int[17];
            int symbols = 0;
            for (int length = 1; length <= 16; length++) {
                lengths[length] = bytes[i++] & 0xff;
                symbols += lengths[length];
            }
            Optional<Prefixes> prefixes = Prefixes.of(lengths, Arrays.copyOfRange(bytes, i, i + symbols));
            (head < 16 ? dc : ac)[head & 3] = prefixes.orElseThrow(() -> new NotPlainException("no prefix code"));
            i += symbols;
        }
    }

    private void readScanHeader(int from) throws NotPlainException {
        require(!components.isEmpty() && bytes[from] == components.size(), "more than one scan");
        boolean isRgb = !isJfif && components.getFirst().id == 'R';
        require(!isRgb, "colours of another kind");
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            int tables = bytes[from + 2 + 2 * i];
            require((bytes[from + 1 + 2 * i] & 0xff) == component.id && (tables & 0xCC) == 0, "an unusual scan");
            component.dc = given(dc[tables >> 4]);
            component.ac = given(ac[tables & 3]);
            component.quantisation = given(quantisations[component.table]);
        }
    }

    private static <T> T given(@Nullable T table) throws NotPlainException {
        if (table == null) {
            throw new NotPlainException("a table is missing");
        }
        return table;
    }

    private List<Plane> readScan() throws NotPlainException {
        int most = 1;
        int highest = 1;
        for (Component component : components) {
            most = Math.max(most, component.h);
            highest = Math.max(highest, component.v);
        }
        int columns = -Math.floorDiv(-width, 8 * most);
        int rows = -Math.floorDiv(-height, 8 * highest);
        List<Plane> planes = new ArrayList<>();
        for (Component c : components) {
            planes.add(new Plane(
                    -Math.floorDiv(-width * c.h, most),
                    -Math.floorDiv(-height * c.v, highest),
                    (double) width * c.h / most,
                    (double) height * c.v / highest,
                    8 * columns * c.h,
                    8 * rows * c.v));
        }
        int left = restartInterval;
        int restarts = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (restartInterval > 0 && left-- == 0) {
                    restart(restarts++);
                    left = restartInterval - 1;
                }
                for (int i = 0; i < components.size(); i++) {
                    Component c = components.get(i);
                    Plane plane = planes.get(i);
                    for (int y = 0; y < c.v; y++) {
                        for (int x = 0; x < c.h; x++) {
                            int corner = 8 * ((row * c.v + y) * plane.stride() + column * c.h + x);
                            int last = readBlock(c);
                            if (last == 0) {
                                InverseCosine.flat(block[0], plane.values(), corner, plane.stride());
                            } else {
                                InverseCosine.transform(
                                        block, scratch, last <= LAST_SMOOTH, plane.values(), corner, plane.stride());
                                Arrays.fill(block, 0);
                            }
                        }
                    }
                }
            }
            require(count >= made, "the scan is cut off");
        }
        return planes;
    }

    private void restart(int number) throws NotPlainException {
        require(count >= made, "the scan is cut off");
        // What was read ahead beyond the marker are made zeros only: a marker ends the data.
        while (bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) 0xff) {
            at++;
        }
        require(word(at) == (0xff00 | (FIRST_RESTART + (number & 7))), "no restart");
        at += 2;
        bits = 0;
        count = 0;
        made = 0;
        components.forEach(component -> component.before = 0);
    }

    /** Reads a block's coefficients, multiplied by their steps; returns the place of the last one. */
    private int readBlock(Component c) throws NotPlainException {
        int[] steps = c.quantisation;
        int size = symbol(c.dc);
        require(size <= 11, "a coefficient too large");
        c.before += value(size);
        block[0] = c.before * steps[0];
        int k = 1;
        int last = 0;
        while (k < 64) {
            int symbol = symbol(c.ac);
            size = symbol & 15;
            k += symbol >> 4;
            if (size == 0) {
                if (symbol != 0xF0) {
                    return last;
                }
                k++;
                continue;
            }
            require(k < 64, "a block too long");
            block[ZIGZAG[k]] = value(size) * steps[k];
            last = k++;
        }
        require(k == 64, "a block too long");
        return last;
    }

    private int symbol(Prefixes prefixes) throws NotPlainException {
        if (count < 32) {
            fill();
        }
        int found = prefixes.find((int) (bits >>> 48));
        int length = found >> 8;
        require(length > 0, "no symbol");
        bits <<= length;
        count -= length;
        return found & 0xff;
    }

    // T.81, F.2.2.1: the upper half of the numbers of so many bits are themselves, the lower half negative. Symbol and
    // value have 16 and 15 bits at most, so that filling before the symbol is enough.
    private int value(int size) {
        if (size == 0) {
            return 0;
        }
        int value = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    private void fill() {
        if (at + 4 <= bytes.length) {
            int four = (int) INT.get(bytes, at);
            if (((~four - 0x01010101) & four & 0x80808080) == 0) { // None of them is ff.
                bits |= (four & 0xffffffffL) << (32 - count);
                count += 32;
                at += 4;
                return;
            }
        }
        while (count <= 56) {
            int one = at < bytes.length ? bytes[at] & 0xff : 0xff;
            if (one == 0xff) {
                if (at + 1 >= bytes.length || bytes[at + 1] != 0) {
                    made += 8;
                    count += 8;
                    continue;
                }
                at++;
            }
            at++;
            bits |= (long) one << (56 - count);
            count += 8;
        }
    }

    private int next() {
        return bytes[at++] & 0xff;
    }

    private int word(int from) {
        return ((bytes[from] & 0xff) << 8) | (bytes[from + 1] & 0xff);
    }

    private boolean isAt(int from, byte[] name) {
        return Arrays.equals(bytes, from, Math.min(from + name.length, bytes.length), name, 0, name.length);
    }

    private static void require(boolean plain, String otherwise) throws NotPlainException {
        if (!plain) {
            throw new NotPlainException(otherwise);
        }
    }
}
