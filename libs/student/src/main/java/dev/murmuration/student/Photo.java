package dev.murmuration.student;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** A decoded photo, upright. */
final class Photo {

    static {
        // ImageIO looks for readers where the calling thread's class loader points, which in an application server is
        // anywhere.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Photo.class.getClassLoader());
        try {
            ImageIO.scanForPlugins();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private final int width;
    private final int height;
    private final byte[] rgb;

    private Photo(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** A photo of these pixels, (height, width, 3). */
    static Photo of(int width, int height, byte[] rgb) {
        if (rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("%d bytes for %d by %d pixels".formatted(rgb.length, width, height));
        }
        return new Photo(width, height, rgb);
    }

    /** What lies inside a frame. */
    Photo crop(Crop frame) {
        byte[] part = new byte[3 * frame.width() * frame.height()];
        for (int y = 0; y < frame.height(); y++) {
            int from = 3 * ((frame.y() + y) * width + frame.x());
            System.arraycopy(rgb, from, part, 3 * y * frame.width(), 3 * frame.width());
        }
        return new Photo(frame.width(), frame.height(), part);
    }

    /** In pixels. */
    int width() {
        return width;
    }

    /** In pixels. */
    int height() {
        return height;
    }

    /** Red, green and blue of each pixel, row by row from the top left. */
    byte[] rgb() {
        return rgb;
    }

    /** Decodes the first frame of a JPEG, PNG, WebP or GIF and turns it upright; transparency is dropped, not blended. */
    static Photo decode(byte[] bytes, long maxPixels) throws PhotoException {
        try (ImageInputStream stream = new MemoryImageStream(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new PhotoException("no image format that is known");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, false, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > maxPixels) {
                    throw new PhotoException("%d pixels, more than %d".formatted(pixels, maxPixels));
                }
                return upright(reader.read(0), orientation(bytes));
            } finally {
                reader.dispose();
            }
        } catch (PhotoException refused) {
            throw refused;
        } catch (IOException | RuntimeException damaged) {
            // Readers meet damaged files with whatever their parsing runs into.
            throw new PhotoException("the image is damaged: " + damaged, damaged);
        }
    }

    private static int orientation(byte[] bytes) {
        try {
            Metadata metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length);
            ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer orientation = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return orientation == null ? 1 : orientation;
        } catch (ImageProcessingException | IOException unreadable) {
            return 1; // A photo whose metadata is broken is still a photo; viewers show it as it lies.
        }
    }

    // EXIF 2.3, orientation: 2 mirrored, 3 half a turn, 4 both, 5 to 8 with rows and columns exchanged.
    private static Photo upright(BufferedImage image, int orientation) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean turned = orientation >= 5 && orientation <= 8;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int outWidth = turned ? height : width;
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        Rows rows = isGray(image) ? gray(image) : (y, argb) -> image.getRGB(0, y, width, 1, argb, 0, width);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            rows.read(y, row);
            int atY = fromBottom ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int atX = fromRight ? width - 1 - x : x;
                int at = 3 * (turned ? atX * outWidth + atY : atY * outWidth + atX);
                rgb[at] = (byte) (row[x] >> 16);
                rgb[at + 1] = (byte) (row[x] >> 8);
                rgb[at + 2] = (byte) row[x];
            }
        }
        return new Photo(outWidth, turned ? width : height, rgb);
    }

    private interface Rows {
        void read(int y, int[] argb);
    }

    private static boolean isGray(BufferedImage image) {
        return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && image.getRaster().getNumBands() <= 2;
    }

    // Java takes gray values for linear light and brightens them; everybody else takes them as they are.
    private static Rows gray(BufferedImage image) {
        Raster raster = image.getRaster();
        int bits = image.getColorModel().getComponentSize(0);
        int most = (1 << bits) - 1;
        return (y, argb) -> {
            raster.getSamples(0, y, argb.length, 1, 0, argb);
            for (int x = 0; x < argb.length; x++) {
                argb[x] = (argb[x] * 255 + most / 2) / most * 0x010101;
            }
        };
    }
}
