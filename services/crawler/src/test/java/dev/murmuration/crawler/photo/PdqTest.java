package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.photo.Inspected.Photo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PdqTest {

    private static final Path DATA =
            Path.of(System.getProperty("murmuration.root", "../.."), "../shared/data/near-duplicates");

    @Test
    void isWithinTenBitsOfTheReferenceProgram() throws IOException {
        assumeTrue(Files.isDirectory(DATA), "the near-duplicate photos are not here");
        List<String> expected = Files.readAllLines(DATA.resolve("pdq-expected.csv"));

        for (String row : expected.subList(1, expected.size())) {
            String[] cells = row.split(",", -1);
            Photo photo = photo(DATA.resolve(cells[0]));
            assertThat(Pdq.distance(photo.pdq(), HexFormat.of().parseHex(cells[1])))
                    .as(cells[0])
                    .isLessThanOrEqualTo(10);
            assertThat(photo.pdqQuality()).as(cells[0]).isEqualTo(100);
        }
    }

    @Test
    void keepsModifiedCopiesNear() throws IOException {
        assumeTrue(Files.isDirectory(DATA), "the near-duplicate photos are not here");
        Photo original = photo(DATA.resolve("bridge-mods/aaa-orig.jpg"));

        try (Stream<Path> copies = Files.list(DATA.resolve("bridge-mods"))) {
            assertThat(copies.map(
                            copy -> Pdq.distance(original.pdq(), photo(copy).pdq())))
                    .hasSize(12)
                    .allMatch(distance -> distance <= 31);
        }
    }

    @Test
    void tellsTurnedCopiesApart() {
        assumeTrue(Files.isDirectory(DATA), "the near-duplicate photos are not here");
        Photo original = photo(DATA.resolve("dih/bridge-1-original.jpg"));

        assertThat(Pdq.distance(
                        original.pdq(),
                        photo(DATA.resolve("dih/bridge-3-rotate-180.jpg")).pdq()))
                .isGreaterThan(100);
    }

    @Test
    void anEvenPlaneHasNoQuality() {
        assertThat(Pdq.of(Luma.of(dev.murmuration.photo.Photo.of(80, 60, new byte[3 * 80 * 60])))
                        .quality())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"00,00,0", "ff,00,8", "f0,0f,8", "81,80,1"})
    void distanceCountsDifferingBits(String a, String b, int distance) {
        assertThat(Pdq.distance(HexFormat.of().parseHex(a), HexFormat.of().parseHex(b)))
                .isEqualTo(distance);
    }

    private static Photo photo(Path file) {
        try {
            return (Photo) new Inspection(new InspectionLimits(40_000_000, 32), 2).inspect(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
