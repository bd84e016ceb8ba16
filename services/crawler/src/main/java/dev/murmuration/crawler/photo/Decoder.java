package dev.murmuration.crawler.photo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes every pixel of the first frame by Java's Image I/O with TwelveMonkeys' readers. A photo that is cut short is corrupt, not half a photo. */
final class Decoder {

    /** The bytes do not decode whole. */
    static final class CorruptPhotoException extends Exception {
        private static final long serialVersionUID = 1;

        CorruptPhotoException(String message) {
            super(message);
        }
    }

    static {
        // Photos are in memory already; a cache on disk would only add writes.
        ImageIO.setUseCache(false);
    }

    private Decoder() {}

    /**
     * What was decoded.
     *
     * @param image every n-th pixel of a photo so large that the hash would not look at the others: memory follows what is needed, not what is claimed
     * @param width of the whole photo, as it is stored
     * @param height likewise
     */
    record Decoded(BufferedImage image, int width, int height) {}

    static Decoded decode(byte[] bytes, Header header) throws CorruptPhotoException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByMIMEType(header.format().mediaType);
        if (!readers.hasNext()) {
            throw new IllegalStateException("no reader for " + header.format().mediaType + " on the class path");
        }
        ImageReader reader = readers.next();
        List<String> warnings = new ArrayList<>();
        IIOReadWarningListener listener = (source, warning) -> warnings.add(warning);
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            // Metadata stays unread: text and profile chunks can inflate to gigabytes.
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener(listener);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(step(width), step(height), 0, 0);
            BufferedImage image = reader.read(0, param);
            if (warnings.stream().anyMatch(Decoder::saysCutShort)) {
                throw new CorruptPhotoException("cut short: " + warnings.getFirst());
            }
            return new Decoded(image, width, height);
        } catch (IOException | RuntimeException e) {
            // Readers throw whatever their parsing trips over: ArrayIndexOutOfBounds, IllegalArgument,
            // NegativeArraySize, …
            throw new CorruptPhotoException(e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            reader.dispose();
        }
    }

    private static int step(int side) {
        return Math.max(1, side / Luma.LARGEST_SIDE);
    }

    private static boolean saysCutShort(String warning) {
        return warning.toLowerCase(Locale.ROOT).contains("premature end");
    }
}
