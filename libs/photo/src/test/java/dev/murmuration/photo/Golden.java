package dev.murmuration.photo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Photos of every kind and what Pillow sees in them: {@code tools/photo_golden.py}. */
final class Golden {

    /** How far pixels are apart, of 255. */
    record Difference(double mean, int most) {

        static Difference of(byte[] a, byte[] b) {
            long sum = 0;
            int most = 0;
            for (int i = 0; i < a.length; i++) {
                int apart = Math.abs((a[i] & 0xff) - (b[i] & 0xff));
                sum += apart;
                most = Math.max(most, apart);
            }
            return new Difference((double) sum / a.length, most);
        }
    }

    private Golden() {}

    static List<String> names() {
        try (Stream<Path> files = Files.list(folder().resolve("photos"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] photo(String name) {
        try {
            return Files.readAllBytes(folder().resolve("photos").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pillow's pixels, by the JDK's reader of plain PNGs. */
    static Photo pillow(String name) throws IOException {
        var image =
                ImageIO.read(folder().resolve("golden").resolve(name + ".png").toFile());
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int y = 0, to = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int pixel = image.getRGB(x, y);
                rgb[to++] = (byte) (pixel >> 16);
                rgb[to++] = (byte) (pixel >> 8);
                rgb[to++] = (byte) pixel;
            }
        }
        return Photo.of(image.getWidth(), image.getHeight(), rgb);
    }

    private static Path folder() {
        return Path.of(
                System.getProperty("murmuration.root", "../.."), "libs/photo/src/test/resources/dev/murmuration/photo");
    }
}
