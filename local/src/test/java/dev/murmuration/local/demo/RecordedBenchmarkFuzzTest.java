package dev.murmuration.local.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded stream's labels come from strangers: a benchmark is made of them, or one line says why not. */
class RecordedBenchmarkFuzzTest {

    @TempDir
    private Path folder;

    @Test
    void labels() throws IOException {
        Path stream = Files.createDirectories(folder.resolve("stream"));
        for (String name : List.of("a.png", "b c.png")) {
            ImageIO.write(
                    new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB),
                    "png",
                    stream.resolve(name).toFile());
        }

        Fuzzer.Outcome outcome = Fuzzer.of("labels.csv", List.of("path,class\na.png,0\nb c.png,2\n".getBytes(UTF_8)))
                .tokens("path,class", "a.png", ",", "\n", "\r", "\ufeff", "../", "/", "\0", "0", "1", "2", "3")
                .run(IOException.class, input -> {
                    Files.write(stream.resolve("labels.csv"), input);
                    Path benchmark = Files.createTempDirectory(folder, "benchmark");
                    assertThat(RecordedBenchmark.write(stream, benchmark, 2)).isNotEmpty();
                });

        assertThat(outcome.refused()).isPositive();
    }
}
