package dev.murmuration.student;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
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
                return upright(reader.read(0), Orientation.of(bytes));
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

    private static Photo upright(BufferedImage image, Orientation orientation) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        Rows rows = rows(image);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            rows.read(y, row);
            for (int x = 0; x < width; x++) {
                int at = 3 * orientation.place(x, y, width, height);
                rgb[at] = (byte) (row[x] >> 16);
                rgb[at + 1] = (byte) (row[x] >> 8);
                rgb[at + 2] = (byte) row[x];
            }
        }
        return orientation.turned() ? new Photo(height, width, rgb) : new Photo(width, height, rgb);
    }

    private interface Rows {
        void read(int y, int[] argb);
    }

    private static Rows rows(BufferedImage image) {
        if (isGray(image)) {
            return gray(image);
        }
        ColorModel model = image.getColorModel();
        boolean isPlain = model instanceof ComponentColorModel
                && model.getColorSpace().getType() == ColorSpace.TYPE_RGB
                && model.getComponentSize(0) == 8
                && !model.isAlphaPremultiplied();
        return isPlain
                ? samples(image.getRaster())
                : (y, argb) -> image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
    }

    // Without the colour profile, as Pillow and TensorFlow read photos, and the way that every pixel takes through it.
    private static Rows samples(Raster raster) {
        int bands = raster.getNumBands();
        int[] values = new int[bands * raster.getWidth()];
        return (y, argb) -> {
            raster.getPixels(0, y, argb.length, 1, values);
            for (int x = 0; x < argb.length; x++) {
                int from = bands * x;
                argb[x] = values[from] << 16 | values[from + 1] << 8 | values[from + 2];
            }
        };
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
