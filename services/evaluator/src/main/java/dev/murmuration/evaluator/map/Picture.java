package dev.murmuration.evaluator.map;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A photo to be looked at by people: upright, and small enough. Decode on platform threads only. */
public final class Picture {

    static {
        // As everywhere: readers are looked for where the calling thread's class loader points.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Picture.class.getClassLoader());
        try {
            ImageIO.scanForPlugins();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Picture() {}

    /** Makes the image formats known that this program brings along. */
    static void prepare() {
        // What the class needs happens when it is loaded.
    }

    /**
     * Decodes a photo whose header was checked already (a student's {@code Pixels} refuses what is too large or damaged).
     *
     * @param longest the longer side of the result at most, in pixels; larger photos are made smaller
     * @param maxPixels of the photo's header: nothing larger is decoded
     * @throws IOException if it is no picture, damaged or too large
     */
    public static BufferedImage upright(byte[] photo, int longest, long maxPixels) throws IOException {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(photo))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new IOException("no image format that is known");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, false, true);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if ((long) width * height > maxPixels) {
                    throw new IOException("%d x %d pixels, more than %d".formatted(width, height, maxPixels));
                }
                ImageReadParam every = reader.getDefaultReadParam();
                int step = Math.max(1, Math.max(width, height) / (2 * longest));
                every.setSourceSubsampling(step, step, 0, 0);
                return drawn(reader.read(0, every), orientation(photo), longest);
            } finally {
                reader.dispose();
            }
        } catch (RuntimeException damaged) { // Readers meet damaged files with whatever their parsing runs into.
            throw new IOException("the image is damaged: " + damaged, damaged);
        }
    }

    private static BufferedImage drawn(BufferedImage image, int orientation, int longest) {
        double scale = Math.min(1, (double) longest / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(scale * image.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * image.getHeight()));
        boolean turned = orientation >= 5 && orientation <= 8;
        BufferedImage upright = canvas(turned ? height : width, turned ? width : height);
        Graphics2D graphics = upright.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.transform(turn(orientation, width, height));
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return upright;
    }

    // EXIF 2.3, orientation: where a pixel (x, y) of the stored picture is shown.
    private static AffineTransform turn(int orientation, int width, int height) {
        return switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
            default -> new AffineTransform();
        };
    }

    private static int orientation(byte[] photo) {
        try {
            ExifIFD0Directory exif = ImageMetadataReader.readMetadata(new ByteArrayInputStream(photo), photo.length)
                    .getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer orientation = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return orientation == null ? 1 : orientation;
        } catch (ImageProcessingException | IOException unreadable) {
            return 1; // A photo whose metadata is broken is still a photo; viewers show it as it lies.
        }
    }

    /** An empty picture. */
    static BufferedImage canvas(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    /** The bytes of a PNG file. */
    public static byte[] png(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", png)) {
                throw new IllegalStateException("this JDK writes no PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return png.toByteArray();
    }
}
