package dev.murmuration.photo;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A PNG (ISO 15948). The JDK's decoder receives only its header, palette and pixels, so no text or profile is inflated. Transparency is
 * dropped, not blended, and 16-bit samples keep their upper 8 bits, as in Pillow.
 */
final class PngFile implements PhotoFile {

    static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";
    private static final int HEADER = 8;
    private static final int HEADER_CHUNK = 25;
    private static final int GRAY = 0;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;

    private final Header header;
    private final byte[] plain;
    private final byte[] palette;
    private final int depth;
    private final int colours;
    private final @Nullable String damage;

    private PngFile(Header header, byte[] plain, byte[] palette, int depth, int colours, @Nullable String damage) {
        this.header = header;
        this.plain = plain;
        this.palette = palette;
        this.depth = depth;
        this.colours = colours;
        this.damage = damage;
    }

    static PngFile open(Bytes bytes) throws PhotoException {
        if (!bytes.isAt(12, "IHDR") || bytes.i32(HEADER) != 13) {
            throw PhotoException.corrupt("PNG does not start with IHDR");
        }
        int width = bytes.i32(16);
        int height = bytes.i32(20);
        int depth = bytes.u8(24);
        int colours = bytes.u8(25);
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length());
        plain.write(bytes.all(), 0, Math.min(bytes.length(), HEADER + HEADER_CHUNK));
        byte[] palette = new byte[0];
        Orientation orientation = Orientation.UPRIGHT;
        boolean hasPixels = false;
        String damage = null; // Said by the decoder: a header over the limits comes first.
        int at = HEADER + HEADER_CHUNK;
        while (at + 8 <= bytes.length() && !bytes.isAt(at + 4, "IEND")) {
            int length = bytes.i32(at);
            if (length < 0 || length > bytes.length() - at - 12) {
                if (!hasPixels || bytes.isAt(at + 4, "IDAT")) {
                    damage = "cut short: PNG chunk of %d bytes at byte %d".formatted(length, at);
                }
                break;
            }
            if (bytes.isAt(at + 4, "IDAT")) {
                hasPixels = true;
                plain.write(bytes.all(), at, length + 12);
            } else if (bytes.isAt(at + 4, "PLTE") && !hasPixels && palette.length == 0) {
                palette = java.util.Arrays.copyOfRange(bytes.all(), at + 8, at + 8 + length);
                plain.write(bytes.all(), at, length + 12);
            } else if (bytes.isAt(at + 4, "eXIf")) {
                orientation = bytes.orientation(at + 8, length);
            }
            at += 12 + length;
        }
        if (!hasPixels && damage == null) {
            damage = "cut short: PNG without pixels";
        }
        plain.writeBytes(new byte[] {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82});
        Header header = new Header(Format.PNG, width, height, orientation, 1);
        return new PngFile(header, plain.toByteArray(), palette, depth, colours, damage);
    }

    @Override
    public Header header() {
        return header;
    }

    @Override
    public void decode(Canvas canvas, Deadline deadline) throws IOException {
        if (damage != null) {
            throw PhotoException.corrupt(damage);
        }
        Raster raster = Readers.png(plain, canvas.stepX(), canvas.stepY(), deadline);
        int columns = raster.getWidth();
        byte[] rgb = new byte[3 * columns];
        boolean isSingle = colours == GRAY || colours == PALETTE || colours == GRAY_ALPHA;
        int[] samples = new int[columns * (isSingle ? 1 : raster.getNumBands())];
        for (int y = 0; y < raster.getHeight(); y++) {
            if (isSingle) {
                raster.getSamples(0, y, columns, 1, 0, samples);
                for (int x = 0; x < columns; x++) {
                    single(samples[x], rgb, 3 * x);
                }
            } else {
                raster.getPixels(0, y, columns, 1, samples);
                many(samples, raster.getNumBands(), rgb);
            }
            canvas.kept(y, rgb);
        }
    }

    private void single(int sample, byte[] rgb, int to) {
        for (int c = 0; c < 3; c++) {
            if (colours == PALETTE) {
                int from = 3 * sample + c;
                rgb[to + c] = from < palette.length ? palette[from] : 0;
            } else {
                rgb[to + c] = (byte) (depth > 8 ? sample >> 8 : sample * 255 / ((1 << depth) - 1));
            }
        }
    }

    private void many(int[] samples, int bands, byte[] rgb) {
        int shift = depth - 8;
        for (int x = 0; x < rgb.length / 3; x++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * x + c] = (byte) (samples[bands * x + c] >> shift);
            }
        }
    }
}
