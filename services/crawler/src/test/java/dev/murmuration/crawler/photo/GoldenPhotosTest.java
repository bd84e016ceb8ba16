package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.photo.Inspected.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of photo has the hash of the pixels that Pillow sees in it: {@code tools/photo_golden.py}. */
class GoldenPhotosTest {

    private static final Path FOLDER = Path.of(
            System.getProperty("murmuration.root", "../.."), "libs/photo/src/test/resources/dev/murmuration/photo");

    private final Inspection inspection = new Inspection(new InspectionLimits(1_000_000, 1), 1);

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("photos"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.matches("\\d+x\\d+.*")) // A hash looks at more than that.
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void hashesThePixelsThatPillowSees(String name) throws IOException, InterruptedException {
        Photo pillow = (Photo) inspection.inspect(Files.readAllBytes(FOLDER.resolve("golden/" + name + ".png")));

        Photo ours = (Photo) inspection.inspect(Files.readAllBytes(FOLDER.resolve("photos/" + name)));

        assertThat(ours.width()).isEqualTo(pillow.width());
        assertThat(ours.height()).isEqualTo(pillow.height());
        assertThat(Pdq.distance(ours.pdq(), pillow.pdq())).isLessThanOrEqualTo(2);
    }
}
