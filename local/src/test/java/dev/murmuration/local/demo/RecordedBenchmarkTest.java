package dev.murmuration.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.murmuration.fuzz.Fuzzer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedBenchmarkTest {

    @TempDir
    private Path folder;

    private Path stream = Path.of("stream");

    @BeforeEach
    void recordAStream() throws IOException {
        stream = Files.createDirectories(folder.resolve("stream"));
        List<String> labels = new ArrayList<>(List.of("path,class"));
        for (int i = 0; i < 20; i++) {
            photo("images/%d.png".formatted(i));
            labels.add("images/%d.png,%d".formatted(i, i % 3));
        }
        Files.write(stream.resolve("labels.csv"), labels);
    }

    @Test
    void holdsBackTheSamePhotosWhateverTheOrderOfTheLabels() throws IOException {
        RecordedBenchmark.write(stream, folder.resolve("one"), 7);
        List<String> lines = new ArrayList<>(Files.readAllLines(stream.resolve("labels.csv")));
        Collections.reverse(lines.subList(1, lines.size()));
        Files.write(stream.resolve("labels.csv"), lines);

        RecordedBenchmark.write(stream, folder.resolve("other"), 7);

        assertThat(Files.readAllLines(folder.resolve("one/index.csv")))
                .hasSize(8)
                .startsWith("path,class")
                .isEqualTo(Files.readAllLines(folder.resolve("other/index.csv")));
        try (Stream<Path> photos = Files.list(folder.resolve("one/images"))) {
            assertThat(photos).hasSize(7);
        }
    }

    @Test
    void passesOverPhotosThatAreMissingOrBroken() throws IOException {
        Files.delete(stream.resolve("images/3.png"));
        Files.writeString(stream.resolve("images/4.png"), "no picture");

        assertThat(RecordedBenchmark.write(stream, folder.resolve("b"), 100).values().stream()
                        .mapToInt(n -> n))
                .containsExactly(6, 6, 6);
    }

    @Test
    void neverReadsOutsideTheStreamsFolder() throws IOException {
        photo("../secret.png");
        Files.write(stream.resolve("labels.csv"), List.of("path,class", "../secret.png,1"));

        assertThatIOException()
                .isThrownBy(() -> RecordedBenchmark.write(stream, folder.resolve("b"), 100))
                .withMessageContaining("no photo");
    }

    @Test
    void followsNoLinkOutOfTheStreamsFolder() throws IOException {
        photo("../secret.png");
        Files.createSymbolicLink(stream.resolve("images/link.png"), folder.resolve("secret.png"));
        Files.createSymbolicLink(stream.resolve("elsewhere"), folder);
        Files.createSymbolicLink(stream.resolve("images/inside.png"), stream.resolve("images/0.png"));
        Files.write(
                stream.resolve("labels.csv"),
                List.of("path,class", "images/link.png,1", "elsewhere/secret.png,1", "images/inside.png,2"));

        assertThat(RecordedBenchmark.write(stream, folder.resolve("b"), 100)).containsExactly(Map.entry(2, 1));
    }

    @Test
    void looksAtTheSizeBeforeItDecodes() throws IOException {
        byte[] png = Files.readAllBytes(stream.resolve("images/0.png"));
        ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
        Files.write(stream.resolve("images/0.png"), png);

        assertThat(RecordedBenchmark.write(stream, folder.resolve("b"), 100).get(0))
                .isEqualTo(6);
    }

    @Test
    void givesCopiesNamesThatNoReaderOfTheIndexTakesApart() throws IOException {
        photo("images/=a,\"b.png");
        Files.write(stream.resolve("labels.csv"), List.of("path,class", "images/=a,\"b.png,1"));

        RecordedBenchmark.write(stream, folder.resolve("b"), 100);

        assertThat(Files.readAllLines(folder.resolve("b/index.csv")))
                .containsExactly("path,class", "images/0001-_a__b.png,1");
    }

    @Test
    void answersWhateverTheLabelsSay() throws IOException {
        byte[] labels = Files.readAllBytes(stream.resolve("labels.csv"));

        Fuzzer.Outcome outcome = Fuzzer.of("labels", List.of(labels))
                .tokens("path,class\n", "../", "\n", ",", "\0")
                .run(IOException.class, input -> {
                    Files.write(stream.resolve("labels.csv"), input);
                    RecordedBenchmark.write(stream, Files.createTempDirectory(folder, "b"), 2);
                });

        assertThat(outcome.ways()).isGreaterThan(2);
    }

    @Test
    void namesTheLineThatIsNoLabel() throws IOException {
        Files.write(stream.resolve("labels.csv"), List.of("path,class", "images/0.png,0", "images/1.png,3"));

        assertThatIOException()
                .isThrownBy(() -> RecordedBenchmark.write(stream, folder.resolve("b"), 100))
                .withMessageContaining("labels.csv, line 3: expected 'path,class' with class 0, 1 or 2");
    }

    private void photo(String name) throws IOException {
        Path file = stream.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }
}
