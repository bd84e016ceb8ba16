package dev.murmuration.photo;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** The pixels of an upright photo. Not a record, because arrays have no useful equality. */
public final class Photo {

    private final int width;
    private final int height;
    private final byte[] rgb;

    private Photo(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Creates a photo of these pixels.
     *
     * @param rgb (height, width, 3), not copied
     */
    public static Photo of(int width, int height, byte[] rgb) {
        if (rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("%d bytes for %d by %d pixels".formatted(rgb.length, width, height));
        }
        return new Photo(width, height, rgb);
    }

    /** In pixels. */
    public int width() {
        return width;
    }

    /** In pixels. */
    public int height() {
        return height;
    }

    /** Red, green and blue of each pixel, (height, width, 3), row by row from the top left; not to be changed. */
    public byte[] rgb() {
        return rgb;
    }

    /** Returns a copy in the format that Java 2D draws fastest, in sRGB. */
    public BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        return image;
    }
}
