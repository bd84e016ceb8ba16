package dev.murmuration.evaluator.map;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * What a stranger's photo says of itself, before anything is decoded: format by magic bytes, as the crawler admits them, and size from the header. Ask on platform
 * threads only.
 *
 * @param width in pixels
 * @param height in pixels
 */
public record PhotoHeader(int width, int height) {

    private static final int LEAST_BYTES = 16;

    /**
     * Reads a header.
     *
     * @throws IOException if it is neither JPEG, PNG, WebP nor GIF, or its header is broken
     */
    public static PhotoHeader read(byte[] photo) throws IOException {
        if (!isKnown(photo)) {
            throw new IOException("neither JPEG, PNG, WebP nor GIF");
        }
        Picture.prepare();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(photo))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new IOException("no image format that is known");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return new PhotoHeader(reader.getWidth(0), reader.getHeight(0));
            } finally {
                reader.dispose();
            }
        } catch (RuntimeException damaged) { // Readers meet damaged files with whatever their parsing runs into.
            throw new IOException("the header is damaged: " + damaged, damaged);
        }
    }

    /**
     * Refuses what is too large or too small to be looked at.
     *
     * @throws IOException naming the limit
     */
    public void within(int minSide, long maxPixels) throws IOException {
        if ((long) width * height > maxPixels) {
            throw new IOException("%d x %d pixels, more than %d".formatted(width, height, maxPixels));
        }
        if (Math.min(width, height) < minSide) {
            throw new IOException("%d x %d pixels, a side is less than %d".formatted(width, height, minSide));
        }
    }

    private static boolean isKnown(byte[] photo) {
        return photo.length >= LEAST_BYTES
                && (begins(photo, 0, 0xff, 0xd8, 0xff)
                        || begins(photo, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')
                        || begins(photo, 0, 'G', 'I', 'F', '8')
                        || (begins(photo, 0, 'R', 'I', 'F', 'F') && begins(photo, 8, 'W', 'E', 'B', 'P')));
    }

    private static boolean begins(byte[] photo, int at, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if ((photo[at + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
