package dev.murmuration.evaluator.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.fuzz.Fuzzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of benchmarks come from strangers: each is read, or refused in one line. */
class BenchmarkFuzzTest {

    private static final String[] TOKENS = {
        "path", "class", "fold", "split_1", ",", "\"", "\"\"", "\n", "\r", "\ufeff", "../", "/", "\\", "\0", "0", "1",
        "2", "99"
    };

    @TempDir
    private Path folder;

    @Test
    void indices() {
        List<byte[]> indices = List.of(
                "path,class\na.jpg,0\nb.jpg,1\na.jpg,2\n".getBytes(UTF_8),
                "fold,path,split_a,class\n1,\"a,b.jpg\",train,0\n2,c.jpg,test,1\n".getBytes(UTF_8));

        Fuzzer.Outcome outcome = Fuzzer.of("index.csv", indices).tokens(TOKENS).run(BenchmarkException.class, input -> {
            BenchmarkIndex index = BenchmarkIndex.parse("fuzzed", input, LabelScheme.AUTO, 100_000);
            assertThat(index.rows()).isNotEmpty();
        });

        assertThat(outcome.refused()).isPositive();
    }

    @Test
    void listsOfPaths() {
        Fuzzer.Outcome outcome = Fuzzer.of("paths", List.of("path\na.jpg\n\"b,c.png\"\n".getBytes(UTF_8)))
                .tokens(TOKENS)
                .run(BenchmarkException.class, input -> BenchmarkIndex.paths("fuzzed", input));

        assertThat(outcome.refused()).isPositive();
    }

    @Test
    void splitLists() throws IOException {
        Path fold = Files.createDirectories(folder.resolve("test1"));
        Files.writeString(fold.resolve("train.txt"), "a.jpg 0\nb.jpg 1\n");

        Fuzzer.Outcome outcome = Fuzzer.of("split-list", List.of("c.jpg 0\nd e.jpg,1\n\n".getBytes(UTF_8)))
                .tokens(TOKENS)
                .tokens("a.jpg 1\n", "a.jpg 0\n", "c.jpg 1\n")
                .run(BenchmarkException.class, input -> {
                    Files.write(fold.resolve("test.txt"), input);
                    assertThat(SplitLists.read(folder).photos()).isNotEmpty();
                });

        assertThat(outcome.refused()).isPositive();
    }
}
