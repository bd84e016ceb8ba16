package dev.murmuration.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Photos that people reported, and odd ones of Pillow's own tests, where they are there. */
class ReportedPhotosTest {

    private static final Path DATA = Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data");

    private final PhotoDecoder decoder = new PhotoDecoder(Limits.pixels(40_000_000));

    @ParameterizedTest
    @CsvSource({
        "02-webp-lossy/q75-m4.webp, 02-webp-lossy/reference.png, 3",
        "02-webp-lossy/q80-m0.webp, 02-webp-lossy/reference.png, 3",
        "03-gray-with-alpha/la8.png, 03-gray-with-alpha/reference.png, 0",
        "03-gray-with-alpha/la16.png, 03-gray-with-alpha/reference.png, 1",
        "05-icc-profile/p3-baseline.jpg, 05-icc-profile/p3-progressive.jpg, 0",
        "12-saturated-chroma/meme.jpg, 12-saturated-chroma/meme-prog.jpg, 0"
    })
    void showsTwoFilesOfOnePictureAlike(String one, String other, double most) throws IOException {
        Photo photo = decoder.decode(reported(one));

        Photo reference = decoder.decode(reported(other));

        assertThat(Golden.Difference.of(photo.rgb(), reference.rgb()).mean()).isLessThanOrEqualTo(most);
    }

    @Test
    void turnsAPngAsItsExifSays() throws IOException {
        Photo stored = decoder.decode(reported("07-png-exif-orientation/stored.png"));

        Photo turned = decoder.decode(reported("07-png-exif-orientation/exif6.png"));

        assertThat(turned.width()).isEqualTo(stored.height());
        assertThat(turned.height()).isEqualTo(stored.width());
    }

    @ParameterizedTest
    @CsvSource({
        "06-truncated-jpeg/cut10.jpg, cut short",
        "06-truncated-jpeg/cut30.jpg, cut short",
        "06-truncated-jpeg/cut80.jpg, cut short",
        "25-thousands-of-scans/4000-scans.jpg, JPEG of 4001 scans"
    })
    void namesWhatIsWrong(String name, String message) throws IOException {
        byte[] photo = reported(name);

        assertThatExceptionOfType(PhotoException.class)
                .isThrownBy(() -> decoder.decode(photo))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"itxt.png", "ztxt.png"})
    void looksAtPhotosWhoseTextInflates(String name) throws IOException {
        assertThat(decoder.decode(reported("24-inflating-chunks/" + name)).width())
                .isEqualTo(200);
    }

    @Test
    void decodesOrRefusesEveryOddImage() throws IOException {
        Path folder = DATA.resolve("odd-images");
        assumeTrue(Files.isDirectory(folder), "the odd images are not here");
        int photos = 0;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> odd = files.sorted().toList();
            for (Path file : odd) {
                byte[] bytes = Files.readAllBytes(file);
                try {
                    Photo photo = decoder.decode(bytes);
                    assertThat(photo.rgb()).hasSize(3 * photo.width() * photo.height());
                    photos++;
                } catch (PhotoException e) {
                    assertThat(e.getMessage()).as(file.toString()).isNotBlank();
                }
            }
            assertThat(photos).isGreaterThan(200);
        }
    }

    private static byte[] reported(String name) throws IOException {
        Path file = DATA.resolve("reported-faults").resolve(name);
        assumeTrue(Files.isRegularFile(file), "the reported photos are not here");
        return Files.readAllBytes(file);
    }
}
