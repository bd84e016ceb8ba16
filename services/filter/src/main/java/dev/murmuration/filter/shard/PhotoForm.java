package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Brings photos into the form of a shard: a JPEG, upright, of limited size. One that is all this already passes bit for bit; every other is decoded, scaled,
 * turned and encoded anew, on white where it was transparent.
 *
 * @param side longest side in pixels
 * @param quality of JPEG, 0 to 1
 * @param maxPixels most pixels that are decoded
 */
record PhotoForm(int side, float quality, long maxPixels) {

    Photo of(Image image, byte[] file) {
        int orientation = Upright.orientation(image.getMediaType(), file);
        boolean isInForm = image.getMediaType().equals("image/jpeg")
                && Math.max(image.getWidth(), image.getHeight()) <= side
                && orientation == Upright.AS_STORED;
        if (isInForm) {
            return new Photo.Ready(file, true);
        }
        try {
            BufferedImage decoded = decode(image.getMediaType(), file);
            return new Photo.Ready(encode(Upright.turned(scaled(decoded), orientation)), false);
        } catch (IOException | RuntimeException e) {
            // Readers throw whatever their parsing trips over.
            return new Photo.Lost(
                    Photo.Lost.CORRUPT, "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private BufferedImage decode(String mediaType, byte[] file) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByMIMEType(mediaType);
        if (!readers.hasNext()) {
            throw new IOException("no reader for " + mediaType);
        }
        ImageReader reader = readers.next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(stream, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw new IOException("%d pixels, more than %d".formatted(pixels, maxPixels));
            }
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    /** Halved until one bilinear step is enough, so that no pixel is skipped. */
    private BufferedImage scaled(BufferedImage decoded) {
        int width = decoded.getWidth();
        int height = decoded.getHeight();
        double scale = Math.min(1, (double) side / Math.max(width, height));
        int targetWidth = Math.max(1, (int) Math.round(width * scale));
        int targetHeight = Math.max(1, (int) Math.round(height * scale));
        BufferedImage image = drawn(decoded, width, height);
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
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
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
