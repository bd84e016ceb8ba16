package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Refusal.Reason;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {

    private static final Path DATA = Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data");
    private final Inspection inspection = new Inspection(new InspectionLimits(1_000_000, 32), 2);

    @ParameterizedTest
    @CsvSource({"jpeg, image/jpeg, jpg", "png, image/png, png", "gif, image/gif, gif"})
    void takesAPhotoByItsBytes(String format, String mediaType, String extension) {
        assertThat(inspect(picture(format, 80, 60))).isInstanceOfSatisfying(Photo.class, photo -> {
            assertThat(photo.mediaType()).isEqualTo(mediaType);
            assertThat(photo.extension()).isEqualTo(extension);
            assertThat(photo.width()).isEqualTo(80);
            assertThat(photo.height()).isEqualTo(60);
            assertThat(photo.sha256()).matches("[0-9a-f]{64}");
            assertThat(photo.pdq()).hasSize(32);
        });
    }

    @ParameterizedTest
    @CsvSource({"32, 32, true", "31, 32, false", "32, 31, false", "1000, 1000, true", "1001, 1000, false"})
    void bothLimitsHoldToThePixel(int width, int height, boolean taken) {
        assertThat(inspect(picture("jpeg", width, height)) instanceof Photo).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({"2000, 125, true", "2000, 123, false", "123, 2000, false", "512, 32, true"})
    void aPhotoThatWouldBeTooNarrowInAShardIsTooSmall(int width, int height, boolean taken) {
        Inspected inspected = inspect(picture("jpeg", width, height));

        assertThat(inspected instanceof Photo).isEqualTo(taken);
        if (!taken) {
            assertThat(reason(inspected)).isEqualTo(Reason.TOO_SMALL);
        }
    }

    @Test
    void timeEndsWhileAPhotoIsDecoded() {
        Inspection hurried = new Inspection(new InspectionLimits(1_000_000, 32, 512, 100, Duration.ofNanos(1)), 1);

        assertThat(reason(inspect(hurried, picture("jpeg", 80, 60)))).isEqualTo(Reason.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif"})
    void aPhotoThatIsCutAnywhereIsCorrupt(String format) {
        byte[] whole = picture(format, 200, 150);

        for (double share : new double[] {0.3, 0.5, 0.8, 0.95}) {
            assertThat(reason(inspect(Arrays.copyOf(whole, (int) (whole.length * share)))))
                    .as("%s cut to %s", format, share)
                    .isEqualTo(Reason.CORRUPT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "B", "BM......", "<html>", "%PDF-1.4", "RIFF....WAVE", "GIF90a"})
    void whatIsNoPhotoIsUnsupported(String bytes) {
        assertThat(reason(inspect(bytes.getBytes(StandardCharsets.US_ASCII)))).isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void aBombIsRefusedByItsHeader() {
        byte[] bomb = picture("png", 64, 64);
        ByteBuffer.wrap(bomb).putInt(16, 50_000).putInt(20, 50_000);

        assertThat(reason(inspect(bomb))).isEqualTo(Reason.TOO_LARGE);
        ByteBuffer.wrap(bomb).putInt(16, -1);
        assertThat(reason(inspect(bomb))).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void anyBytesEndAsAPhotoOrAReason() {
        Random random = new Random(1);
        List<byte[]> seeds = List.of(picture("jpeg", 64, 48), picture("png", 64, 48), picture("gif", 64, 48));

        for (int i = 0; i < 3000; i++) {
            byte[] bytes = seeds.get(i % 3).clone();
            for (int damage = 1 + random.nextInt(8); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(inspect(bytes)).isNotNull();
        }
    }

    @Test
    void turnsPhotosAsTheirExifSays() throws IOException {
        Path folder = DATA.resolve("exif-orientation");
        assumeTrue(Files.isDirectory(folder), "the photos in eight orientations are not here");
        Inspection large = new Inspection(new InspectionLimits(40_000_000, 32), 2);

        for (String kind : List.of("Landscape", "Portrait")) {
            Photo upright = (Photo) inspect(large, Files.readAllBytes(folder.resolve(kind + "_1.jpg")));
            for (int orientation = 0; orientation <= 8; orientation++) {
                Photo photo =
                        (Photo) inspect(large, Files.readAllBytes(folder.resolve(kind + "_" + orientation + ".jpg")));
                assertThat(photo.width()).isEqualTo(upright.width());
                assertThat(photo.height()).isEqualTo(upright.height());
                // Each shows its own number, and all else is the same.
                assertThat(Pdq.distance(photo.pdq(), upright.pdq()))
                        .as(kind + orientation)
                        .isLessThanOrEqualTo(16);
            }
        }
    }

    @Test
    void aPhotoSoLargeThatItIsSampledKeepsItsSize() {
        Inspection large = new Inspection(new InspectionLimits(40_000_000, 32), 2);

        assertThat(inspect(large, picture("jpeg", 3100, 2050))).isInstanceOfSatisfying(Photo.class, photo -> {
            assertThat(photo.width()).isEqualTo(3100);
            assertThat(photo.height()).isEqualTo(2050);
        });
    }

    private Inspected inspect(byte[] bytes) {
        return inspect(inspection, bytes);
    }

    private static Inspected inspect(Inspection inspection, byte[] bytes) {
        try {
            return inspection.inspect(bytes);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Reason reason(Inspected inspected) {
        assertThat(inspected).isInstanceOf(Inspected.Refused.class);
        return ((Inspected.Refused) inspected).refusal().reason();
    }

    private static byte[] picture(String format, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
        graphics.fillRect(0, 0, width, height);
        Random random = new Random(width);
        for (int i = 0; i < 60; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillOval(random.nextInt(width), random.nextInt(height), 1 + width / 8, 1 + height / 8);
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
