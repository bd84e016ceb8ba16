package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.photo.Limits;
import dev.murmuration.photo.PhotoDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shard shows every kind of photo as Pillow does: {@code tools/photo_golden.py}. */
class GoldenPhotosTest {

    private static final Path FOLDER = Path.of(
            System.getProperty("murmuration.root", "../.."), "libs/photo/src/test/resources/dev/murmuration/photo");
    private static final PhotoForm FORM = new PhotoForm(512, 0.9f, 1_000_000);

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("photos"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void holdsThePixelsThatPillowSees(String name) throws IOException {
        Path lossless = FOLDER.resolve("golden/" + name + ".png");
        PhotoDecoder decoder = new PhotoDecoder(Limits.pixels(1_000_000));

        Photo.Ready ours = form(FOLDER.resolve("photos/" + name));

        // What is in form already is compared as it is, and all else with what the same pixels become.
        byte[] pillow = decoder.decode(
                        ours.isOriginal()
                                ? Files.readAllBytes(lossless)
                                : form(lossless).jpeg())
                .rgb();
        byte[] shown = decoder.decode(ours.jpeg()).rgb();
        long sum = 0;
        for (int i = 0; i < shown.length; i++) {
            sum += Math.abs((shown[i] & 0xff) - (pillow[i] & 0xff));
        }
        assertThat((double) sum / pillow.length).isLessThanOrEqualTo(1);
        assertThat(shown).hasSameSizeAs(pillow);
    }

    private static Photo.Ready form(Path file) throws IOException {
        // The sizes of the event do not matter: the file's own do.
        return (Photo.Ready) FORM.of(Labelled.photo(0, "image/png", 53, 39, "0".repeat(64)), Files.readAllBytes(file));
    }
}
