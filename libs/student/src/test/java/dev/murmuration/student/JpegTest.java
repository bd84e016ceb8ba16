package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Pillow: {@code tools/jpeg_golden.py}. */
class JpegTest {

    private static final int SIDE = 45;
    private static final long ENOUGH = 1_000_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "full-colours",
                "half-columns",
                "half-colours",
                "gray",
                "restarts",
                "own-codes",
                "smooth",
                "coarse",
                "fine"
            })
    void decodesWithoutImageIoWhatPillowSees(String kind) throws IOException {
        byte[] jpeg = file(kind);

        float[] rgb = Jpeg.decode(jpeg, ENOUGH).orElseThrow().squash(Resize.PILLOW_BILINEAR, SIDE);

        assertThat(difference(rgb, pillow(kind))).isLessThan(.5);
        assertThat(rgb).containsExactly(pillow(kind), within(4f));
    }

    @Test
    void leavesProgressiveOnesToImageIo() throws IOException {
        byte[] jpeg = file("progressive");

        assertThat(Jpeg.decode(jpeg, ENOUGH)).isEmpty();
        byte[] squashed = Pixels.positive(SIDE, Resize.PILLOW_BILINEAR).squash(jpeg);

        assertThat(difference(floats(squashed), pillow("progressive"))).isLessThan(.5);
    }

    @ParameterizedTest
    @EnumSource(Resize.class)
    void squashesALargePhotoWithinOneStepOfItsReference(Resize resize) throws IOException {
        float[] rgb = Jpeg.decode(file("large"), ENOUGH).orElseThrow().squash(resize, 32);

        assertThat(difference(rgb, pillow("large/" + resize.label()))).isLessThan(.5);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void turnsEveryOrientationUpright(int orientation) throws IOException {
        Pixels pixels = Pixels.positive(32, Resize.PILLOW_BILINEAR);
        byte[] upright = pixels.squash(file("orientation-1"));

        byte[] turned = pixels.squash(file("orientation-" + orientation));

        assertThat(difference(floats(turned), floats(upright))).isLessThan(2);
    }

    @Test
    void leavesToImageIoWhateverIsCutOff() throws IOException {
        byte[] jpeg = file("restarts");

        for (int length = 0; length < jpeg.length - 4; length++) {
            assertThat(Jpeg.decode(Arrays.copyOf(jpeg, length), ENOUGH))
                    .as("%d bytes", length)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"restarts", "full-colours", "gray"})
    void meetsDamageWithAPhotoOrARefusal(String kind) throws IOException {
        byte[] jpeg = file(kind);
        Random random = new Random(1);
        int decoded = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = jpeg.clone();
            for (int flips = 0; flips <= i % 3; flips++) {
                damaged[2 + random.nextInt(damaged.length - 2)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                if (Jpeg.decode(damaged, ENOUGH).isPresent()) {
                    decoded++;
                }
            } catch (PhotoException refused) {
                assertThat(refused).hasMessageContaining("pixels, more than 1000000");
            }
        }
        assertThat(decoded).isBetween(1, 1_999);
    }

    @Test
    void refusesMorePixelsThanAllowedBeforeItDecodes() throws IOException {
        byte[] jpeg = file("half-colours");

        assertThat(Jpeg.decode(jpeg, SIDE * SIDE)).isPresent();
        assertThatThrownBy(() -> Jpeg.decode(jpeg, SIDE * SIDE - 1))
                .isInstanceOf(PhotoException.class)
                .hasMessage("2025 pixels, more than 2024");
    }

    private static byte[] file(String kind) throws IOException {
        return Files.readAllBytes(Golden.file("jpeg/" + kind + ".jpg"));
    }

    private static float[] pillow(String kind) throws IOException {
        return Golden.values("jpeg/pixels.safetensors", kind);
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }

    private static double difference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }
}
