package dev.murmuration.evaluator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.murmuration.evaluator.benchmark.Benchmark.Photo;
import dev.murmuration.fuzz.Fuzzer;
import dev.murmuration.schemas.Sentiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {

    private static final BenchmarkLimits LIMITS = new BenchmarkLimits(100, 1_000, 10);

    @TempDir
    Path folder;

    @BeforeEach
    void writesThreePhotos() throws IOException {
        Files.writeString(folder.resolve("index.csv"), "path,class\na.jpg,0\nb.jpg,1\nc.jpg,1\na.jpg,0\n");
        Files.writeString(folder.resolve("a.jpg"), "photo a");
        Files.writeString(folder.resolve("b.jpg"), "photo b");
        Files.writeString(folder.resolve("c.jpg"), "photo c");
    }

    @Test
    void isPinnedByIndexAndPhotosInOrder() throws BenchmarkException {
        // printf 'photo a' | sha256sum, and so on: the SHA-256 over the four digests and that of the index, by
        // coreutils
        assertThat(open().sha256()).isEqualTo("eac4e5f04a68ebc36415f135bd5f4ddf49f4eb6785131b31c37353dde0c1b354");
    }

    @Test
    void changesItsHashWithAnyPhotoAndWithTheIndex() throws Exception {
        String before = open().sha256();

        Files.writeString(folder.resolve("c.jpg"), "photo C");
        String afterPhoto = open().sha256();
        Files.writeString(folder.resolve("c.jpg"), "photo c");
        Files.writeString(folder.resolve("index.csv"), "path,class\na.jpg,0\nb.jpg,1\nc.jpg,0\na.jpg,0\n");
        String afterIndex = open().sha256();

        assertThat(before).isNotEqualTo(afterPhoto).isNotEqualTo(afterIndex).hasSize(64);
        assertThat(afterPhoto).isNotEqualTo(afterIndex);
    }

    @Test
    void namesAPhotoThatHasTwoClasses() throws Exception {
        Files.writeString(folder.resolve("c.jpg"), "photo a");
        Files.writeString(folder.resolve("index.csv"), "path,class\na.jpg,0\nb.jpg,1\nc.jpg,1\na.jpg,1\n");

        assertThat(open().warnings())
                .contains(
                        "2 rows contradict an earlier row that shows the same photo: c.jpg is positive, as a.jpg it is negative, a.jpg is positive, as a.jpg it is negative");
    }

    @Test
    void warnsOfAnIndexOfOneClass() throws Exception {
        Files.writeString(folder.resolve("index.csv"), "path,class\na.jpg,1\nb.jpg,1\n");

        assertThat(open().warnings())
                .contains("every photo is positive: a student that always says so is always right");
    }

    @Test
    void answersWhateverAnIndexSays() {
        byte[] index =
                "path,class,fold,split1\na.jpg,0,1,train\n\"b,\"\"c.jpg\",2,2,test\n".getBytes(StandardCharsets.UTF_8);

        Fuzzer.Outcome outcome = Fuzzer.of("index", List.of(index))
                .tokens("path", "class", ",", "\"", "\n", "../", "\\")
                .run(BenchmarkException.class, input -> {
                    BenchmarkIndex.parse("b", input, LabelScheme.AUTO, 1_000);
                    BenchmarkIndex.paths("b", input);
                });

        assertThat(outcome.ways()).isGreaterThan(4);
    }

    @Test
    void answersWhateverSplitListsSay() throws Exception {
        Path list = Files.createDirectories(folder.resolve("lists/test1")).resolve("train.txt");
        Files.writeString(folder.resolve("lists/test1/test.txt"), "a.jpg 0\n");

        Fuzzer.Outcome outcome = Fuzzer.of("split-list", List.of("b.jpg 1\nc.jpg,0\n".getBytes(StandardCharsets.UTF_8)))
                .tokens(" ", "\n", "a.jpg", ",")
                .run(BenchmarkException.class, input -> {
                    Files.write(list, input);
                    SplitLists.read(folder.resolve("lists")).foldOf();
                });

        assertThat(outcome.ways()).isGreaterThan(2);
    }

    @Test
    void namesPhotosThatAreMissingTooLargeOrElsewhere() throws Exception {
        Files.delete(folder.resolve("a.jpg"));
        Files.writeString(folder.resolve("b.jpg"), "more than 10 bytes");
        Path elsewhere = Files.createTempFile("elsewhere", ".jpg");
        Files.delete(folder.resolve("c.jpg"));
        Files.createSymbolicLink(folder.resolve("c.jpg"), elsewhere);

        Benchmark benchmark = open();

        assertThat(benchmark.photos())
                .extracting(Photo::path, photo -> photo.sha256().isPresent(), Photo::problem)
                .containsExactly(
                        tuple("a.jpg", false, "missing"),
                        tuple("b.jpg", false, "is larger than 10 bytes"),
                        tuple("c.jpg", false, "links to a file outside of the benchmark"),
                        tuple("a.jpg", false, "missing"));
        Files.delete(elsewhere);
    }

    @Test
    void takesAPhotoOfExactlyTheLimit() throws Exception {
        Files.writeString(folder.resolve("b.jpg"), "0123456789");

        assertThat(open().photos().get(1).sha256()).isPresent();
    }

    @Test
    void countsARepeatedPhotoTwice() throws BenchmarkException {
        Benchmark benchmark = open();

        assertThat(benchmark.repeated()).isEqualTo(1);
        assertThat(benchmark.labels())
                .containsExactly(Sentiment.negative, Sentiment.positive, Sentiment.positive, Sentiment.negative);
    }

    @Test
    void saysWhereAnIndexWasLookedFor() throws IOException {
        Files.delete(folder.resolve("index.csv"));

        assertThatThrownBy(this::open).hasMessageContaining("no index.csv in " + folder);
    }

    @Test
    void showsAnotherStateWhenAFileCameOrChanged() throws IOException {
        BenchmarkFiles files = new BenchmarkFolder(folder);
        String before = files.state();
        assertThat(files.state()).isEqualTo(before);

        Files.writeString(folder.resolve("b.jpg"), "longer");
        String changed = files.state();
        Files.writeString(folder.resolve("d.jpg"), "new");

        assertThat(changed).isNotEqualTo(before);
        assertThat(files.state()).isNotEqualTo(changed);
        assertThat(new BenchmarkFolder(folder.resolve("none")).state()).isEqualTo("absent");
    }

    private Benchmark open() throws BenchmarkException {
        return Benchmark.open(new BenchmarkFolder(folder), LabelScheme.AUTO, LIMITS);
    }
}
