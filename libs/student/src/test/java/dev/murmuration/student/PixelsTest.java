package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Photo;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void mirrorsBytesAsItMirrorsValues() throws IOException {
        Pixels pixels = Pixels.symmetric(16, Resize.PILLOW_BILINEAR);
        byte[] squashed = pixels.squash(bytes());

        assertThat(pixels.of(pixels.mirrored(squashed), false)).isEqualTo(pixels.of(squashed, true));
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
        return new PhotoDecoder(Limits.pixels(10_000)).decode(bytes());
    }
}
