package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelsTest {

    private static final Path DATA = Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data");

    @ParameterizedTest
    @ValueSource(ints = {16, 40})
    void squashesExactlyAsPillow(int side) throws IOException {
        float[] squashed = Resize.PILLOW_BILINEAR.apply(photo(), side);

        assertThat(squashed).isEqualTo(Golden.values("resized.safetensors", "pillow/" + side));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40})
    void squashesAsTensorFlowDoes(int side) throws IOException {
        float[] squashed = Resize.TF_BILINEAR.apply(photo(), side);

        assertThat(squashed).containsExactly(Golden.values("resized.safetensors", "tf/" + side), within(1e-3f));
    }

    @Test
    void normalisesAsTheImageProcessorOfTransformers() throws IOException {
        float[] pixels = StudentFolder.read(Golden.file("vit")).pixels().of(bytes());

        assertThat(pixels).containsExactly(Golden.values("resized.safetensors", "processed"), within(1e-5f));
    }

    @Test
    void keepsASquashedPhotoInBytes() throws IOException {
        Pixels pixels = Pixels.symmetric(16, Resize.PILLOW_BILINEAR);

        byte[] squashed = pixels.squash(bytes());

        assertThat(squashed).hasSize(3 * 16 * 16);
        assertThat(pixels.of(squashed, false)).isEqualTo(pixels.of(bytes()));
    }

    @Test
    void mirrorsLeftAndRight() {
        byte[] squashed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

        float[] mirrored = Pixels.positive(2, Resize.TF_BILINEAR).of(squashed, true);

        int[] reds = {4, 1, 10, 7};
        for (int i = 0; i < reds.length; i++) {
            assertThat(mirrored[i] * 255).isCloseTo(reds[i], within(1e-4f));
            assertThat(mirrored[i + 8] * 255).isCloseTo(reds[i] + 2, within(1e-4f));
        }
    }

    @Test
    void takesGrayAsItIs() throws IOException {
        BufferedImage gray = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        gray.getRaster().setSamples(0, 0, 4, 4, 0, filled(16, 100));

        Photo photo = Photo.decode(png(gray), 100);

        assertThat(photo.rgb()).containsOnly(100);
    }

    @Test
    void dropsTransparency() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80102030);
        image.setRGB(1, 0, 0xff405060);

        Photo photo = Photo.decode(png(image), 100);

        assertThat(photo.rgb()).containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
    }

    @Test
    void refusesMorePixelsThanAllowedBeforeItDecodes() throws IOException {
        byte[] png = png(new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB));

        assertThat(Photo.decode(png, 100).width()).isEqualTo(10);
        assertThatThrownBy(() -> Photo.decode(png, 99))
                .isInstanceOf(PhotoException.class)
                .hasMessage("100 pixels, more than 99");
    }

    @Test
    void refusesWhatIsNoImageOrOnlyPartOfOne() throws IOException {
        byte[] png = bytes();

        assertThatThrownBy(() -> Photo.decode(new byte[100], 100)).isInstanceOf(PhotoException.class);
        assertThatThrownBy(() -> Photo.decode(new byte[0], 100)).isInstanceOf(PhotoException.class);
        for (int length = 1; length < png.length - 12; length += 61) {
            byte[] cut = Arrays.copyOf(png, length);
            assertThatThrownBy(() -> Photo.decode(cut, 10_000))
                    .as("%d bytes", length)
                    .isInstanceOf(PhotoException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Landscape", "Portrait"})
    void turnsEveryOrientationUpright(String kind) throws IOException {
        Path folder = DATA.resolve("exif-orientation");
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
        float[] upright =
                Pixels.positive(32, Resize.PILLOW_BILINEAR).of(Files.readAllBytes(folder.resolve(kind + "_1.jpg")));
        for (int orientation = 2; orientation <= 8; orientation++) {
            Path file = folder.resolve("%s_%d.jpg".formatted(kind, orientation));

            float[] turned = Pixels.positive(32, Resize.PILLOW_BILINEAR).of(Files.readAllBytes(file));

            assertThat(difference(turned, upright)).as(file.toString()).isLessThan(.02);
        }
    }

    @Test
    void eitherDecodesOddImagesOrRefusesThem() throws IOException {
        Path folder = DATA.resolve("odd-images");
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
        int decoded = 0;
        int refused = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    float[] pixels = Pixels.positive(32, Resize.PILLOW_BILINEAR).of(Files.readAllBytes(file));
                    assertThat(pixels).hasSize(3 * 32 * 32);
                    decoded++;
                } catch (PhotoException clear) {
                    assertThat(clear.getMessage()).isNotBlank();
                    refused++;
                }
            }
        }
        assertThat(decoded).isPositive();
        assertThat(refused).isPositive();
    }

    private static double difference(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }

    private static byte[] bytes() throws IOException {
        return Files.readAllBytes(Golden.file("photo.png"));
    }

    private static Photo photo() throws IOException {
        return Photo.decode(bytes(), Pixels.MAX_PIXELS);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static int[] filled(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }
}
