package dev.murmuration.crawler.photo;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;

/**
 * The luminance of a photo as a person sees it, at most 1024 x 1024. ThreatExchange's program samples larger photos down to 512 x 512 first, its published hashes are
 * of whole photos: against those, 512 is off by up to 12 of 256 bits and 1024 by up to 8, as is the whole photo, for a bounded price.
 *
 * @param values 0 to 255, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Luma(int width, int height, float[] values) {

    private static final int LARGEST_SIDE = 1024;

    /** Samples the nearest pixel, turned as the orientation says; what is transparent shows white. */
    static Luma of(BufferedImage image, Orientation orientation) {
        int fullWidth = orientation.width(image.getWidth(), image.getHeight());
        int fullHeight = orientation.height(image.getWidth(), image.getHeight());
        boolean reduced = fullWidth > LARGEST_SIDE || fullHeight > LARGEST_SIDE;
        int width = reduced ? LARGEST_SIDE : fullWidth;
        int height = reduced ? LARGEST_SIDE : fullHeight;
        Samples samples = Samples.of(image);
        float[] values = new float[width * height];
        for (int y = 0; y < height; y++) {
            int seenY = (int) ((long) y * fullHeight / height);
            int turnedY = orientation.flippedY() ? fullHeight - 1 - seenY : seenY;
            for (int x = 0; x < width; x++) {
                int seenX = (int) ((long) x * fullWidth / width);
                int turnedX = orientation.flippedX() ? fullWidth - 1 - seenX : seenX;
                values[y * width + x] =
                        orientation.transposed() ? samples.luma(turnedY, turnedX) : samples.luma(turnedX, turnedY);
            }
        }
        return new Luma(width, height, values);
    }

    /** Direct reads of interleaved bytes: BufferedImage's own getRGB costs more than all the rest of the hash. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Samples(byte[] bytes, int base, int stride, int step, int red, int green, int blue) {

        static Samples of(BufferedImage image) {
            boolean readable =
                    (image.getType() == BufferedImage.TYPE_3BYTE_BGR || image.getType() == BufferedImage.TYPE_BYTE_GRAY)
                            && image.getRaster().getSampleModel() instanceof PixelInterleavedSampleModel;
            BufferedImage plain = readable ? image : onWhite(image);
            PixelInterleavedSampleModel model =
                    (PixelInterleavedSampleModel) plain.getRaster().getSampleModel();
            int[] offsets = model.getBandOffsets();
            boolean grey = offsets.length == 1;
            int base = -plain.getRaster().getSampleModelTranslateX() * model.getPixelStride()
                    - plain.getRaster().getSampleModelTranslateY() * model.getScanlineStride();
            return new Samples(
                    ((DataBufferByte) plain.getRaster().getDataBuffer()).getData(),
                    base,
                    model.getScanlineStride(),
                    model.getPixelStride(),
                    offsets[0],
                    offsets[grey ? 0 : 1],
                    offsets[grey ? 0 : 2]);
        }

        float luma(int x, int y) {
            int at = base + y * stride + x * step;
            return 0.299f * (bytes[at + red] & 0xFF)
                    + 0.587f * (bytes[at + green] & 0xFF)
                    + 0.114f * (bytes[at + blue] & 0xFF);
        }

        private static BufferedImage onWhite(BufferedImage image) {
            BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D graphics = plain.createGraphics();
            graphics.drawImage(image, 0, 0, Color.WHITE, null);
            graphics.dispose();
            return plain;
        }
    }
}
