package dev.murmuration.photo;

import dev.murmuration.photo.jpeg.IrregularException;
import dev.murmuration.photo.jpeg.SequentialJpeg;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A JPEG (ITU-T T.81): Huffman codes, 8 bits, one, three or four components. The JDK's decoder, which is the Independent JPEG Group's,
 * receives the file without its application segments, so that no profile, thumbnail or maker note is parsed, and returns samples; their
 * colours are converted here.
 */
final class JpegFile implements PhotoFile {

    private static final byte[] RAW = {
        (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    private static final int HUFFMAN = 0xc4;
    private static final int JPG = 0xc8;
    private static final int ARITHMETIC = 0xcc;
    private static final int FIRST_RESTART = 0xd0;
    private static final int IMAGE = 0xd8;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int COMMENT = 0xfe;
    private static final int NO_ADOBE = -1;
    private static final int ENDED = -1;

    /** A component's number and its horizontal and vertical sampling factors. */
    private record Component(int id, int across, int down) {}

    private final Bytes bytes;
    private final ByteArrayOutputStream plain;
    private final List<Component> components = new ArrayList<>();
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean hasExif;
    private boolean isJfif;
    private int adobe = NO_ADOBE;
    private int width;
    private int height;
    private int scans;

    private JpegFile(Bytes bytes) {
        this.bytes = bytes;
        this.plain = new ByteArrayOutputStream(bytes.length() + RAW.length);
    }

    static JpegFile open(Bytes bytes) throws PhotoException {
        JpegFile file = new JpegFile(bytes);
        file.plain.writeBytes(RAW);
        int at = 2;
        while (at != ENDED) {
            at = file.segment(at);
        }
        return file;
    }

    @Override
    public Header header() {
        return new Header(Format.JPEG, width, height, orientation, scans);
    }

    /** Reads a marker and its segment; returns the position at which to look for the next marker. */
    private int segment(int from) throws PhotoException {
        int at = from;
        while (u8(at) != 0xff || u8(at + 1) == 0xff || u8(at + 1) == 0) { // Decoders skip junk between segments.
            at++;
        }
        int marker = u8(at + 1);
        if (marker == 1 || (marker >= FIRST_RESTART && marker < IMAGE)) {
            return at + 2;
        }
        if (marker == IMAGE) {
            throw PhotoException.corrupt("JPEG with a second start at byte " + at);
        }
        if (marker == END) {
            if (scans == 0) {
                throw PhotoException.corrupt("JPEG without image data");
            }
            plain.write(0xff);
            plain.write(END);
            return ENDED;
        }
        int length = bytes.u16(at + 2);
        int next = at + 2 + length;
        if (length < 2) {
            throw PhotoException.corrupt("JPEG segment of %d bytes at byte %d".formatted(length, at));
        }
        if (next > bytes.length()) {
            throw cutShort();
        }
        boolean isFrame =
                marker >= 0xc0 && marker <= 0xcf && marker != HUFFMAN && marker != JPG && marker != ARITHMETIC;
        if (isFrame) {
            frame(marker, at);
        } else if (marker >= APP0 && marker <= APP0 + 15) {
            application(marker, at + 4, length - 2);
        } else if (marker == SCAN) {
            if (components.isEmpty()) {
                throw PhotoException.corrupt("JPEG data without a frame header");
            }
            scans++;
            next = endOfData(next);
        }
        if ((marker < APP0 || marker > APP0 + 15) && marker != COMMENT) {
            plain.write(bytes.all(), at, next - at);
        }
        return next;
    }

    private int u8(int at) throws PhotoException {
        if (at >= bytes.length()) {
            throw cutShort();
        }
        return bytes.u8(at);
    }

    private PhotoException cutShort() {
        return PhotoException.corrupt(
                "cut short: JPEG ends after %d bytes without its end marker".formatted(bytes.length()));
    }

    // Up to the next marker that is not a restart.
    private int endOfData(int from) throws PhotoException {
        byte[] all = bytes.all();
        for (int at = from; at < all.length - 1; at++) {
            if (all[at] == (byte) 0xff) {
                int second = all[at + 1] & 0xff;
                if (second != 0 && second != 0xff && (second < FIRST_RESTART || second >= IMAGE)) {
                    return at;
                }
            }
        }
        throw cutShort();
    }

    private void frame(int marker, int at) throws PhotoException {
        if (marker > 0xc2) {
            throw PhotoException.unsupported(
                    marker >= 0xc9 ? "JPEG of arithmetic coding" : "JPEG that is lossless or of several sizes");
        }
        if (!components.isEmpty()) {
            throw PhotoException.corrupt("JPEG of two frames");
        }
        int bits = bytes.u8(at + 4);
        height = bytes.u16(at + 5);
        width = bytes.u16(at + 7);
        int number = bytes.u8(at + 9);
        if (bits != 8 || (number != 1 && number != 3 && number != 4)) {
            throw PhotoException.unsupported("JPEG of %d components of %d bits".formatted(number, bits));
        }
        for (int i = 0; i < number; i++) {
            int sampling = bytes.u8(at + 11 + 3 * i);
            components.add(new Component(bytes.u8(at + 10 + 3 * i), sampling >> 4, sampling & 15));
        }
    }

    private void application(int marker, int at, int length) throws PhotoException {
        if (scans > 0) {
            return;
        }
        isJfif |= marker == APP0 && length >= 14 && bytes.isAt(at, "JFIF\0");
        if (marker == APP14 && length >= 12 && bytes.isAt(at, "Adobe")) {
            adobe = bytes.u8(at + 11);
        }
        if (marker == APP1 && !hasExif && bytes.isAt(at, "Exif\0\0")) {
            hasExif = true;
            orientation = bytes.orientation(at, length);
        }
    }

    @Override
    public void decode(Canvas canvas, Deadline deadline) throws IOException {
        byte[] file = plain.toByteArray();
        if (!isDecodedHere(file, canvas, deadline)) {
            decodeByTheJdk(file, canvas, deadline);
        }
    }

    private boolean isDecodedHere(byte[] file, Canvas canvas, Deadline deadline) throws IOException {
        JpegColours colours = colours();
        if (scans > 1 || (colours != JpegColours.GRAY && colours != JpegColours.YCC)) {
            return false;
        }
        try {
            SequentialJpeg.open(file).decode(new SequentialJpeg.Rows() {
                @Override
                public boolean isWanted(int y) {
                    return canvas.keeps(y);
                }

                @Override
                public void put(int y, byte[] rgb) throws PhotoException {
                    canvas.whole(y, rgb);
                }

                @Override
                public void check() throws PhotoException {
                    deadline.check();
                }
            });
            return true;
        } catch (IrregularException e) { // The JDK's decoder shows it, or refuses it.
            return false;
        }
    }

    private void decodeByTheJdk(byte[] file, Canvas canvas, Deadline deadline) throws IOException {
        // Rows that are interpolated with their neighbours are needed in full.
        boolean isWhole = components.stream().anyMatch(this::isHalfDown);
        Raster raster = Readers.jpeg(file, isWhole ? 1 : canvas.stepX(), isWhole ? 1 : canvas.stepY(), deadline);
        byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
        int columns = raster.getWidth();
        int bands = raster.getNumBands();
        boolean isMixed = isWhole && isRepeated(samples, bands * columns, bands);
        JpegColours colours = colours();
        if (!isWhole && colours.samples() == 3 && canvas.isUpright()) {
            for (int y = 0; y < raster.getHeight(); y++) {
                deadline.check();
                colours.convert(samples, 3 * y * columns, samples, 3 * y * columns, columns);
            }
            canvas.all(samples);
            return;
        }
        byte[] row = new byte[bands * columns];
        byte[] rgb = new byte[3 * columns];
        for (int y = 0; y < raster.getHeight(); y++) {
            if (!isWhole) {
                colours.convert(samples, y * row.length, rgb, 0, columns);
                canvas.kept(y, rgb);
            } else if (canvas.keeps(y)) {
                System.arraycopy(samples, y * row.length, row, 0, row.length);
                if (isMixed) {
                    mix(samples, y, row, bands);
                }
                colours.convert(row, 0, rgb, 0, columns);
                canvas.whole(y, rgb);
            }
        }
    }

    // A JDK built with libjpeg-turbo, as in some distributions, has interpolated them already.
    private boolean isRepeated(byte[] samples, int rowLength, int bands) {
        for (int band = 0; band < bands; band++) {
            if (!isHalfDown(components.get(band))) {
                continue;
            }
            for (int upper = 0; upper + rowLength < samples.length; upper += 2 * rowLength) {
                for (int i = upper + band; i < upper + rowLength; i += bands) {
                    if (samples[i] != samples[i + rowLength]) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private boolean isHalfDown(Component component) {
        int across = components.stream().mapToInt(Component::across).max().orElseThrow();
        int down = components.stream().mapToInt(Component::down).max().orElseThrow();
        return component.across() == across && 2 * component.down() == down;
    }

    // The JDK's decoder repeats chroma rows at half height; libjpeg-turbo interpolates, three parts of the nearer to
    // one of the farther, and rounds the upper row down and the lower row up.
    private void mix(byte[] samples, int y, byte[] row, int bands) {
        int lower = y & 1;
        int last = (height + 1) / 2 - 1;
        int near = 2 * (y / 2) * row.length;
        int far = 2 * Math.clamp(y / 2 + (lower == 1 ? 1 : -1), 0, last) * row.length;
        for (int band = 0; band < bands; band++) {
            if (isHalfDown(components.get(band))) {
                for (int i = band; i < row.length; i += bands) {
                    row[i] = (byte) ((3 * (samples[near + i] & 0xff) + (samples[far + i] & 0xff) + 1 + lower) >> 2);
                }
            }
        }
    }

    // By the same guesses as libjpeg.
    private JpegColours colours() {
        if (components.size() == 1) {
            return JpegColours.GRAY;
        }
        if (components.size() == 4) {
            return adobe == NO_ADOBE || adobe == 0 ? JpegColours.CMYK : JpegColours.YCCK;
        }
        boolean isNamedRgb = components.get(0).id() == 'R'
                && components.get(1).id() == 'G'
                && components.get(2).id() == 'B';
        boolean isRgb = !isJfif && (adobe == NO_ADOBE ? isNamedRgb : adobe == 0);
        return isRgb ? JpegColours.RGB : JpegColours.YCC;
    }
}
