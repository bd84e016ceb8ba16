package dev.murmuration.photo;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** A decoded photo, upright. */
public final class Photo {

    private final Header header;
    private final int width;
    private final int height;
    private final byte[] rgb;

    Photo(Header header, int width, int height, byte[] rgb) {
        this.header = header;
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** What it was decoded from. */
    public Header header() {
        return header;
    }

    /** In pixels that were decoded. */
    public int width() {
        return width;
    }

    /** In pixels that were decoded. */
    public int height() {
        return height;
    }

    /** Red, green and blue of each pixel, (height, width, 3), row by row from the top left; not to be changed. */
    public byte[] rgb() {
        return rgb;
    }

    /** The same pixels as Java 2D takes them, in sRGB; shares {@link #rgb()}. */
    public BufferedImage image() {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length), width, height, 3 * width, 3, new int[] {0, 1, 2}, null);
        return new BufferedImage(model, raster, false, null);
    }
}
