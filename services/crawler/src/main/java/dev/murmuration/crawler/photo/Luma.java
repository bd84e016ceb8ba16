package dev.murmuration.crawler.photo;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;

/**
 * The luminance of a photo as a person sees it, row by row, at most 1024 x 1024 of the nearest pixels. ThreatExchange's program samples larger photos down to
 * 512 x 512 first, its published hashes are of whole photos: against those, 512 is off by up to 12 of 256 bits and 1024 by up to 8, as is the whole photo, for a
 * bounded price. What is transparent shows white.
 */
final class Luma {

    static final int LARGEST_SIDE = 1024;

    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final Pixels pixels;
    private final int[] columns;
    private final int[] rows;

    private Luma(Pixels pixels, int[] columns, int[] rows) {
        this.pixels = pixels;
        this.columns = columns;
        this.rows = rows;
    }

    /** Turned as the orientation says. */
    static Luma of(BufferedImage image, Orientation orientation) {
        Pixels pixels = Interleaved.reads(image) ? Interleaved.of(image) : new Any(image);
        int fullWidth = orientation.width(image.getWidth(), image.getHeight());
        int fullHeight = orientation.height(image.getWidth(), image.getHeight());
        boolean reduced = fullWidth > LARGEST_SIDE || fullHeight > LARGEST_SIDE;
        int columnStep = orientation.transposed() ? pixels.rowStep() : pixels.columnStep();
        int rowStep = orientation.transposed() ? pixels.columnStep() : pixels.rowStep();
        return new Luma(
                pixels,
                places(fullWidth, reduced ? LARGEST_SIDE : fullWidth, orientation.flippedX(), columnStep),
                places(fullHeight, reduced ? LARGEST_SIDE : fullHeight, orientation.flippedY(), rowStep));
    }

    // How far each column (or row) that is seen is from the first one that is stored.
    private static int[] places(int all, int seen, boolean flipped, int step) {
        int[] places = new int[seen];
        for (int i = 0; i < seen; i++) {
            int nearest = (int) ((long) i * all / seen);
            places[i] = step * (flipped ? all - 1 - nearest : nearest);
        }
        return places;
    }

    int width() {
        return columns.length;
    }

    int height() {
        return rows.length;
    }

    /** Row {@code y}, from the left: 0 to 255. */
    void row(int y, float[] into) {
        pixels.luma(rows[y], columns, into);
    }

    /** Where pixels are; one is named by the sum of how far its row and its column are from the first. */
    private sealed interface Pixels {
        int columnStep();

        int rowStep();

        void luma(int row, int[] columns, float[] into);
    }

    /** Direct reads of interleaved bytes, which nearly all photos are: BufferedImage's own getRGB costs more than all the rest of the hash. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Interleaved(byte[] bytes, int base, int rowStep, int columnStep, int red, int green, int blue)
            implements Pixels {

        static boolean reads(BufferedImage image) {
            return (image.getType() == BufferedImage.TYPE_3BYTE_BGR || image.getType() == BufferedImage.TYPE_BYTE_GRAY)
                    && image.getRaster().getSampleModel() instanceof PixelInterleavedSampleModel;
        }

        static Interleaved of(BufferedImage image) {
            PixelInterleavedSampleModel model =
                    (PixelInterleavedSampleModel) image.getRaster().getSampleModel();
            int[] offsets = model.getBandOffsets();
            boolean grey = offsets.length == 1;
            int base = -image.getRaster().getSampleModelTranslateX() * model.getPixelStride()
                    - image.getRaster().getSampleModelTranslateY() * model.getScanlineStride();
            return new Interleaved(
                    ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                    base,
                    model.getScanlineStride(),
                    model.getPixelStride(),
                    offsets[0],
                    offsets[grey ? 0 : 1],
                    offsets[grey ? 0 : 2]);
        }

        @Override
        public void luma(int row, int[] columns, float[] into) {
            int start = base + row;
            for (int x = 0; x < columns.length; x++) {
                int at = start + columns[x];
                into[x] = RED * (bytes[at + red] & 0xFF)
                        + GREEN * (bytes[at + green] & 0xFF)
                        + BLUE * (bytes[at + blue] & 0xFF);
            }
        }
    }

    /** All others, by their colour model: palettes, transparency, 16 bits. */
    private record Any(BufferedImage image) implements Pixels {

        @Override
        public int columnStep() {
            return 1;
        }

        @Override
        public int rowStep() {
            return image.getWidth();
        }

        @Override
        public void luma(int row, int[] columns, float[] into) {
            for (int x = 0; x < columns.length; x++) {
                int at = row + columns[x];
                int argb = image.getRGB(at % image.getWidth(), at / image.getWidth());
                int white = 255 - (argb >>> 24);
                float opaque = (argb >>> 24) / 255f;
                into[x] = white
                        + opaque * (RED * (argb >> 16 & 0xFF) + GREEN * (argb >> 8 & 0xFF) + BLUE * (argb & 0xFF));
            }
        }
    }
}
