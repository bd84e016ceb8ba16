package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.student.pixels.Pixels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {

    private static final Path EXIF = Path.of("../../../shared/data/exif-orientation");

    private static final Path GOLDEN = Path.of(
            System.getProperty("murmuration.root", "../.."), "libs/photo/src/test/resources/dev/murmuration/photo");

    /** The nine files show one scene, stored in the eight orientations and without one. */
    @ParameterizedTest
    @ValueSource(strings = {"Landscape", "Portrait"})
    void showsEveryOrientationUpright(String scene) throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(EXIF), "shared data is not here");
        BufferedImage first =
                Picture.upright(Files.readAllBytes(EXIF.resolve(scene + "_1.jpg")), 200, Pixels.MAX_PIXELS);

        for (int orientation = 2; orientation <= 8; orientation++) {
            BufferedImage other = Picture.upright(
                    Files.readAllBytes(EXIF.resolve("%s_%d.jpg".formatted(scene, orientation))),
                    200,
                    Pixels.MAX_PIXELS);

            assertThat(List.of(other.getWidth(), other.getHeight()))
                    .as(scene + orientation)
                    .isEqualTo(List.of(first.getWidth(), first.getHeight()));
            assertThat(difference(first, other)).as(scene + orientation).isLessThan(15);
        }
    }

    @Test
    void makesLargePicturesSmallAndLeavesSmallOnesAsTheyAre() throws IOException {
        byte[] png = Picture.png(Picture.canvas(300, 100));

        assertThat(Picture.upright(png, 60, Pixels.MAX_PIXELS)).satisfies(small -> {
            assertThat(small.getWidth()).isEqualTo(60);
            assertThat(small.getHeight()).isEqualTo(20);
        });
        assertThat(Picture.upright(png, 1_000, Pixels.MAX_PIXELS).getWidth()).isEqualTo(300);
        assertThatThrownBy(() -> Picture.upright(png, 60, 29_999))
                .hasMessageContaining("300 x 100 pixels, more than 29999");
    }

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve("photos"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsThePixelsThatPillowShows(String name) throws IOException {
        BufferedImage pillow =
                Picture.upright(Files.readAllBytes(GOLDEN.resolve("golden/" + name + ".png")), 100, Pixels.MAX_PIXELS);

        BufferedImage ours =
                Picture.upright(Files.readAllBytes(GOLDEN.resolve("photos/" + name)), 100, Pixels.MAX_PIXELS);

        assertThat(difference(ours, pillow)).isLessThanOrEqualTo(1);
    }

    @Test
    void laysPhotosOutUnderTheirHeadings() {
        BufferedImage red = Picture.canvas(10, 20);
        for (int i = 0; i < 200; i++) {
            red.setRGB(i % 10, i / 10, 0xff0000);
        }
        SequencedMap<String, List<ContactSheet.Tile>> rows = new LinkedHashMap<>();
        rows.put("wrong", List.of());
        rows.put("right", List.of(new ContactSheet.Tile(red, ".9"), new ContactSheet.Tile(red, ".8")));

        BufferedImage sheet = ContactSheet.draw(rows, 50, 3);

        assertThat(sheet.getWidth()).isEqualTo(6 + 3 * 56);
        assertThat(sheet.getHeight()).isEqualTo(6 + 28 + 22 + 50 + 16 + 6);
        assertThat(sheet.getRGB(6 + 25, 34 + 22 + 25) & 0xffffff).isEqualTo(0xff0000);
        assertThat(sheet.getRGB(6 + 5, 34 + 22 + 25) & 0xffffff).isEqualTo(0xeeeeee);
        assertThat(sheet.getRGB(6 + 2 * 56 + 25, 34 + 22 + 25) & 0xffffff).isEqualTo(0xffffff);
    }

    private static double difference(BufferedImage a, BufferedImage b) {
        long sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    sum += Math.abs((a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff));
                }
            }
        }
        return sum / 3.0 / a.getWidth() / a.getHeight();
    }
}
