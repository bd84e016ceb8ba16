package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.murmuration.crawler.photo.Inspected.Photo;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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
        BufferedImage grey = new BufferedImage(80, 60, BufferedImage.TYPE_BYTE_GRAY);

        assertThat(Pdq.of(Luma.of(grey, Orientation.UPRIGHT)).quality()).isZero();
    }

    @Test
    void theHashIsTheSameHoweverPixelsAreStored() throws IOException {
        assumeTrue(Files.isDirectory(DATA), "the near-duplicate photos are not here");
        BufferedImage photo =
                ImageIO.read(DATA.resolve("bridge-mods/aaa-orig.jpg").toFile());

        for (int type :
                new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_BGR}) {
            BufferedImage other = new BufferedImage(photo.getWidth(), photo.getHeight(), type);
            Graphics2D graphics = other.createGraphics();
            graphics.drawImage(photo, 0, 0, null);
            graphics.dispose();
            assertThat(Pdq.of(Luma.of(other, Orientation.UPRIGHT)).hash())
                    .isEqualTo(Pdq.of(Luma.of(photo, Orientation.UPRIGHT)).hash());
        }
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
