package dev.murmuration.filter.shard;

import dev.murmuration.photo.EncodedPhoto;
import dev.murmuration.photo.Format;
import dev.murmuration.photo.Header;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Orientation;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.schemas.Image;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Brings photos into the form of a shard: a JPEG, upright, of limited size. One that is all this already passes bit for bit;
 * every other is decoded, scaled and encoded anew.
 *
 * @param side longest side in pixels
 * @param minSide shortest side in pixels of a photo that is scaled; one that would get narrower is lost
 * @param quality of JPEG, 0 to 1
 * @param maxPixels of the largest photo that is decoded
 */
record PhotoForm(int side, int minSide, float quality, long maxPixels) {

    private static final int USUAL_MIN_SIDE = 32;

    PhotoForm(int side, float quality, long maxPixels) {
        this(side, USUAL_MIN_SIDE, quality, maxPixels);
    }

    Photo of(Image image, byte[] file) {
        try {
            EncodedPhoto encoded = new PhotoDecoder(Limits.pixels(maxPixels)).open(file);
            Header header = encoded.header();
            boolean isLarge = Math.max(header.width(), header.height()) > side;
            if (isLarge && header.shorterSide(side) < minSide) {
                return new Photo.Lost(
                        Photo.Lost.TOO_SMALL,
                        "%s: %d x %d pixels, scaled to %d a side is less than %d"
                                .formatted(image.getKey(), header.width(), header.height(), side, minSide));
            }
            boolean isInForm = header.format() == Format.JPEG
                    && !isLarge
                    && header.orientation().equals(Orientation.UPRIGHT);
            return isInForm
                    ? new Photo.Ready(file, true)
                    : new Photo.Ready(encode(scaled(encoded.decode().image())), false);
        } catch (PhotoException e) {
            return new Photo.Lost(Photo.Lost.reason(e.reason()), image.getKey() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    /** Halved until one bilinear step is enough, so that no pixel is skipped. */
    private BufferedImage scaled(BufferedImage decoded) {
        int width = decoded.getWidth();
        int height = decoded.getHeight();
        double scale = Math.min(1, (double) side / Math.max(width, height));
        int targetWidth = Math.max(1, (int) Math.round(width * scale));
        int targetHeight = Math.max(1, (int) Math.round(height * scale));
        BufferedImage image = decoded;
        while (width > 2 * targetWidth || height > 2 * targetHeight) {
            width = Math.max(targetWidth, (width + 1) / 2);
            height = Math.max(targetHeight, (height + 1) / 2);
            image = drawn(image, width, height);
        }
        return width == targetWidth && height == targetHeight ? image : drawn(image, targetWidth, targetHeight);
    }

    private static BufferedImage drawn(BufferedImage image, int width, int height) {
        BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return canvas;
    }

    private byte[] encode(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByMIMEType("image/jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
