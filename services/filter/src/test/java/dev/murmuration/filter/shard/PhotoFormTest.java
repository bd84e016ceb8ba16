package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.schemas.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoFormTest {

    private static final PhotoForm FORM = new PhotoForm(512, 0.9f, 40_000_000);

    @Test
    void passesASmallJpegBitForBit() throws IOException {
        byte[] file = file("jpg", halves(512, 300));

        assertThat(FORM.of(image("image/jpeg", 512, 300), file)).isInstanceOfSatisfying(Photo.Ready.class, ready -> {
            assertThat(ready.isOriginal()).isTrue();
            assertThat(ready.jpeg()).isEqualTo(file);
        });
    }

    @ParameterizedTest
    @CsvSource({"513, 300, 512, 299", "300, 1025, 150, 512", "8192, 512, 512, 32", "2048, 1024, 512, 256"})
    void scalesALargeOneDown(int width, int height, int toWidth, int toHeight) throws IOException {
        BufferedImage seen = read(FORM.of(image("image/jpeg", width, height), file("jpg", halves(width, height))));

        assertThat(seen.getWidth()).isEqualTo(toWidth);
        assertThat(seen.getHeight()).isEqualTo(toHeight);
        assertThat(isClose(seen.getRGB(toWidth / 8, toHeight / 2), Color.RED)).isTrue();
        assertThat(isClose(seen.getRGB(toWidth * 7 / 8, toHeight / 2), Color.BLUE))
                .isTrue();
    }

    @Test
    void losesAPhotoThatWouldGetTooNarrow() throws IOException {
        byte[] file = file("jpg", halves(2000, 123));

        assertThat(FORM.of(image("image/jpeg", 2000, 123), file))
                .isInstanceOfSatisfying(
                        Photo.Lost.class, lost -> assertThat(lost.reason()).isEqualTo("image-too-small"));
    }

    @Test
    void keepsASmallPhotoHoweverNarrow() throws IOException {
        byte[] file = file("jpg", halves(500, 5));

        assertThat(((Photo.Ready) FORM.of(image("image/jpeg", 500, 5), file)).jpeg())
                .isEqualTo(file);
    }

    @Test
    void encodesOtherFormatsAnewWithoutTheirTransparency() throws IOException {
        BufferedImage veiled = new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 40 * 30; i++) {
            veiled.setRGB(i % 40, i / 40, 0x40ff0000);
        }

        Photo photo = FORM.of(image("image/png", 40, 30), file("png", veiled));

        assertThat(((Photo.Ready) photo).isOriginal()).isFalse();
        assertThat(isClose(read(photo).getRGB(20, 15), Color.RED)).isTrue();
    }

    @Test
    void givesTheSameBytesEachTime() throws IOException {
        byte[] file = file("jpg", halves(900, 700));
        Image image = image("image/jpeg", 900, 700);

        assertThat(((Photo.Ready) FORM.of(image, file)).jpeg()).isEqualTo(((Photo.Ready) FORM.of(image, file)).jpeg());
    }

    @Test
    void losesWhatCannotBeDecoded() throws IOException {
        byte[] file = Arrays.copyOf(file("png", halves(600, 400)), 100);

        assertThat(FORM.of(image("image/png", 600, 400), file))
                .isInstanceOfSatisfying(
                        Photo.Lost.class, lost -> assertThat(lost.reason()).isEqualTo("image-corrupt"));
    }

    @Test
    void decodesNothingThatIsTooLarge() throws IOException {
        byte[] file = file("png", halves(60, 40));

        assertThat(new PhotoForm(512, 0.9f, 2399).of(image("image/png", 60, 40), file))
                .isInstanceOfSatisfying(
                        Photo.Lost.class, lost -> assertThat(lost.detail()).contains("60 x 40 pixels, more than 2399"));
        assertThat(new PhotoForm(512, 0.9f, 2400).of(image("image/png", 60, 40), file))
                .isInstanceOf(Photo.Ready.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Landscape", "Portrait"})
    void turnsEveryOrientationUpright(String kind) throws IOException {
        Path folder = Path.of(System.getProperty("murmuration.root"), "../shared/data/exif-orientation");
        assumeTrue(Files.isDirectory(folder), "no EXIF photos at " + folder);
        BufferedImage upright = ImageIO.read(folder.resolve(kind + "_1.jpg").toFile());
        PhotoForm small = new PhotoForm(64, 0.9f, 40_000_000);
        BufferedImage expected = read(small.of(
                image("image/jpeg", upright.getWidth(), upright.getHeight()),
                Files.readAllBytes(folder.resolve(kind + "_1.jpg"))));
        for (int orientation = 2; orientation <= 8; orientation++) {
            byte[] file = Files.readAllBytes(folder.resolve(kind + "_" + orientation + ".jpg"));

            BufferedImage seen = read(small.of(image("image/jpeg", upright.getWidth(), upright.getHeight()), file));

            assertThat(seen.getWidth()).isEqualTo(expected.getWidth());
            assertThat(seen.getHeight()).isEqualTo(expected.getHeight());
            // They were compressed apart from each other: alike, not equal. A photo that is turned wrongly differs by
            // 40 and more.
            assertThat(meanDifference(seen, expected)).isLessThan(8);
        }
    }

    private static double meanDifference(BufferedImage a, BufferedImage b) {
        long sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                sum += Math.abs(new Color(a.getRGB(x, y)).getGreen() - new Color(b.getRGB(x, y)).getGreen());
            }
        }
        return (double) sum / a.getWidth() / a.getHeight();
    }

    private static boolean isClose(int rgb, Color color) {
        Color found = new Color(rgb);
        return Math.abs(found.getRed() - color.getRed()) < 20
                && Math.abs(found.getGreen() - color.getGreen()) < 20
                && Math.abs(found.getBlue() - color.getBlue()) < 20;
    }

    private static BufferedImage halves(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return image;
    }

    private static byte[] file(String format, BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static BufferedImage read(Photo photo) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(((Photo.Ready) photo).jpeg()));
    }

    private static Image image(String mediaType, int width, int height) {
        return Labelled.photo(0, mediaType, width, height, "0".repeat(64));
    }
}
