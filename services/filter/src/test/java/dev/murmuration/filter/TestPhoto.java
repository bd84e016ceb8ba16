package dev.murmuration.filter;

import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.imageio.ImageIO;

/** A photo of noise that is really there: its bytes, and what the crawler says of it. */
final class TestPhoto {

    private final byte[] file;
    private final String mediaType;
    private final int width;
    private final int height;
    private final long seed;

    private TestPhoto(byte[] file, String mediaType, int width, int height, long seed) {
        this.file = file;
        this.mediaType = mediaType;
        this.width = width;
        this.height = height;
        this.seed = seed;
    }

    byte[] file() {
        return file;
    }

    String mediaType() {
        return mediaType;
    }

    static TestPhoto jpeg(long seed, int width, int height) {
        return new TestPhoto(drawn("jpg", seed, width, height), "image/jpeg", width, height, seed);
    }

    static TestPhoto png(long seed, int width, int height) {
        return new TestPhoto(drawn("png", seed, width, height), "image/png", width, height, seed);
    }

    String sha256() {
        return Sha256.hex(file);
    }

    String key() {
        return "images/%s/%s.%s".formatted(sha256().substring(0, 2), sha256(), mediaType.substring("image/".length()));
    }

    /** As photo number {@code index} of its tweet. The PDQ hash is as random as the photo. */
    Image image(int index) {
        byte[] pdq = new byte[32];
        new Random(seed).nextBytes(pdq);
        return new Image(
                index, key(), key(), sha256(), (long) file.length, mediaType, width, height, ByteBuffer.wrap(pdq), 100);
    }

    private static byte[] drawn(String format, long seed, int width, int height) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
