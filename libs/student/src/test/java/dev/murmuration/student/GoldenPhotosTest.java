package dev.murmuration.student;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A student sees every kind of photo as Pillow does: {@code tools/photo_golden.py}. */
class GoldenPhotosTest {

    private static final Path FOLDER = Path.of(
            System.getProperty("murmuration.root", "../.."), "libs/photo/src/test/resources/dev/murmuration/photo");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("photos"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsThePixelsThatPillowShows(String name) throws IOException {
        Pixels pixels = Pixels.positive(24, Resize.PILLOW_BILINEAR);
        byte[] pillow = pixels.squash(Files.readAllBytes(FOLDER.resolve("golden/" + name + ".png")));

        byte[] ours = pixels.squash(Files.readAllBytes(FOLDER.resolve("photos/" + name)));

        for (int i = 0; i < ours.length; i++) {
            assertThat(Math.abs((ours[i] & 0xff) - (pillow[i] & 0xff))).isLessThanOrEqualTo(3);
        }
    }
}
