package dev.murmuration.evaluator.map;

import dev.murmuration.photo.EncodedPhoto;
import dev.murmuration.photo.Header;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.PhotoDecoder;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Photos for display: upright and limited in size. Decode on platform threads only. */
public final class Picture {

    private Picture() {}

    /**
     * Decodes a photo.
     *
     * @param longest the longer side of the result at most, in pixels; larger photos are made smaller
     * @param maxPixels of the photo's header: nothing larger is decoded
     * @throws IOException if it is no picture, damaged or too large
     */
    public static BufferedImage upright(byte[] photo, int longest, long maxPixels) throws IOException {
        EncodedPhoto encoded = new PhotoDecoder(Limits.pixels(maxPixels)).open(photo);
        Header header = encoded.header();
        double scale = Math.min(1, (double) longest / Math.max(header.width(), header.height()));
        int width = Math.max(1, (int) Math.round(scale * header.width()));
        int height = Math.max(1, (int) Math.round(scale * header.height()));
        BufferedImage upright = canvas(width, height);
        Graphics2D graphics = upright.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(encoded.decode(2 * longest).image(), 0, 0, width, height, null);
        graphics.dispose();
        return upright;
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
