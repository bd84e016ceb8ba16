package dev.murmuration.photo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pixels are Pillow's; {@code -Dgolden.print=1} prints how near they are, kind by kind. */
class PixelContractTest {

    private static final double MAX_ON_AVERAGE = 1;
    private static final int MOST = 3;

    private final PhotoDecoder decoder = new PhotoDecoder(Limits.pixels(1_000_000));

    static List<String> names() {
        return Golden.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsWhatPillowShows(String name) throws IOException {
        Photo pillow = Golden.pillow(name);

        Photo photo = decoder.decode(Golden.photo(name));

        assertThat(photo.width()).isEqualTo(pillow.width());
        assertThat(photo.height()).isEqualTo(pillow.height());
        Golden.Difference difference = Golden.Difference.of(photo.rgb(), pillow.rgb());
        if (System.getProperty("golden.print") != null) {
            System.out.printf(Locale.ROOT, "| %s | %.3f | %d |%n", name, difference.mean(), difference.most());
        }
        assertThat(difference.mean()).isLessThanOrEqualTo(MAX_ON_AVERAGE);
        assertThat(difference.most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    void knowsEveryKind() {
        assertThat(names()).hasSizeGreaterThan(110);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void turnsEveryOrientation(int exif) throws PhotoException {
        Photo stored = decoder.decode(Golden.photo("orientation-1.jpg"));

        Photo photo = decoder.decode(Golden.photo("orientation-" + exif + ".jpg"));

        int right = stored.width() - 1;
        int bottom = stored.height() - 1;
        for (int y = 0; y <= bottom; y++) {
            for (int x = 0; x <= right; x++) {
                // EXIF 2.32, figure 9: where the pixel (x, y) of the file is seen.
                int[] seen =
                        switch (exif) {
                            case 2 -> new int[] {right - x, y};
                            case 3 -> new int[] {right - x, bottom - y};
                            case 4 -> new int[] {x, bottom - y};
                            case 5 -> new int[] {y, x};
                            case 6 -> new int[] {bottom - y, x};
                            case 7 -> new int[] {bottom - y, right - x};
                            default -> new int[] {y, right - x};
                        };
                assertThat(photo.rgb()[3 * (seen[1] * photo.width() + seen[0])])
                        .isEqualTo(stored.rgb()[3 * (y * stored.width() + x)]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.jpg", "profile-progressive.jpg"})
    void ignoresProfiles(String name) throws PhotoException {
        String without = name.contains("progressive") ? "progressive-420.jpg" : "baseline-420.jpg";

        Photo photo = decoder.decode(Golden.photo(name));

        assertThat(photo.rgb()).isEqualTo(decoder.decode(Golden.photo(without)).rgb());
    }

    @ParameterizedTest
    @MethodSource("names")
    void leavesOutPixelsOfTheSamePhoto(String name) throws PhotoException {
        Photo whole = decoder.decode(Golden.photo(name));
        EncodedPhoto encoded = decoder.open(Golden.photo(name));
        Header header = encoded.header();

        Photo some = encoded.decode(10);

        int stepX = Math.max(1, header.storedWidth() / 10);
        int stepY = Math.max(1, header.storedHeight() / 10);
        if (header.orientation().equals(Orientation.UPRIGHT)) {
            assertThat(some.width()).isEqualTo((whole.width() + stepX - 1) / stepX);
            assertThat(some.height()).isEqualTo((whole.height() + stepY - 1) / stepY);
            for (int y = 0; y < some.height(); y++) {
                for (int x = 0; x < some.width(); x++) {
                    assertThat(some.rgb()[3 * (y * some.width() + x) + 1])
                            .isEqualTo(whole.rgb()[3 * (y * stepY * whole.width() + x * stepX) + 1]);
                }
            }
        } else {
            assertThat(Math.min(some.width(), some.height())).isGreaterThanOrEqualTo(10);
        }
    }
}
