package dev.murmuration.photo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a stranger's bytes are, the end is a photo or one line that says why not. */
class PhotoFuzzTest {

    private final PhotoDecoder decoder = new PhotoDecoder(Limits.pixels(200_000));

    @ParameterizedTest
    @CsvSource({"jpg, 15", "png, 6", "webp, 8", "gif, 4"})
    void endsAsAPhotoOrARefusal(String format, int ways) {
        List<byte[]> photos = Golden.names().stream()
                .filter(name -> name.endsWith("." + format))
                .map(Golden::photo)
                .toList();

        Fuzzer.Outcome outcome = Fuzzer.of(format, photos)
                .tokens(
                        "\u00ff\u00d8",
                        "\u00ff\u00d9",
                        "\u00ff\u00da",
                        "\u00ff\u00e1",
                        "Exif\0\0",
                        "II*\0\b\0\0\0",
                        "IDAT",
                        "PLTE",
                        "tRNS",
                        "eXIf",
                        "VP8 ",
                        "VP8L",
                        "VP8X",
                        "ANMF",
                        "ALPH",
                        "!\u00f9\u0004",
                        ",")
                .run(PhotoException.class, input -> {
                    Photo photo = decoder.open(input).decode(64);
                    assertThat(photo.rgb()).hasSize(3 * photo.width() * photo.height());
                });

        assertThat(outcome.ways()).isGreaterThan(ways);
    }
}
