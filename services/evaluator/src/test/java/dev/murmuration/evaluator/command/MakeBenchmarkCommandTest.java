package dev.murmuration.evaluator.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.evaluator.Terminal;
import dev.murmuration.evaluator.benchmark.SplitLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeBenchmarkCommandTest {

    private static final Path LISTS = Path.of("../../../shared/data/twitter-testing-dataset");

    @TempDir
    Path temporary;

    private final Terminal terminal = new Terminal();

    @Test
    void makesFoldsFromSplitListsAndNamesPhotosThatAreMissing() throws Exception {
        Path lists = temporary.resolve("lists");
        write(lists.resolve("test1/train.txt"), "1_2_c.jpg 1\n");
        write(lists.resolve("test1/test.txt"), "1_1_a.jpg 0\n1_3_a.jpg 0\n");
        write(lists.resolve("test2/train.txt"), "1_1_a.jpg 0\n1_3_a.jpg 0\n");
        write(lists.resolve("test2/test.txt"), "1_2_c.jpg 1\n");
        write(temporary.resolve("photos/1_1_a.jpg"), "a");
        write(temporary.resolve("photos/1_2_c.jpg"), "c");
        Path made = temporary.resolve("5agree");

        int code = terminal.run("make-benchmark", made, "--lists", lists, "--photos", temporary.resolve("photos"));

        assertThat(code).isEqualTo(1);
        assertThat(Files.readString(made.resolve("index.csv")))
                .isEqualTo("path,class,fold\n1_1_a.jpg,0,1\n1_3_a.jpg,0,1\n1_2_c.jpg,1,2\n");
        assertThat(Files.readString(made.resolve("1_1_a.jpg"))).isEqualTo("a");
        assertThat(terminal.out()).contains("3 photos, 1 missing, 2 negative, 1 positive");
        assertThat(terminal.err())
                .contains("missing: ", "1_3_a.jpg")
                .contains("5agree as published has 882 photos, 301 negative and 581 positive; this one has 3")
                .contains("1 rows show a photo (path, bytes or media id) that an earlier row shows: 1_3_a.jpg");
    }

    @Test
    void refusesListsThatContradictEachOther() throws Exception {
        Path lists = temporary.resolve("lists");
        write(lists.resolve("test1/train.txt"), "a.jpg 1\n");
        write(lists.resolve("test1/test.txt"), "a.jpg 1\n");

        assertThat(terminal.run("make-benchmark", temporary.resolve("made"), "--lists", lists, "--photos", temporary))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("train.txt", "a.jpg is also in test of test1");
    }

    @Test
    void makesLabelsFromEmotionsAndSplitsFromLists() throws Exception {
        Path emotions = temporary.resolve("emotions");
        write(emotions.resolve("amusement/1.jpg"), "1");
        write(emotions.resolve("fear/1.jpg"), "2");
        write(emotions.resolve("fear/2.jpg"), "3");
        write(emotions.resolve("notes/1.jpg"), "4");
        Path splits = temporary.resolve("splits");
        write(splits.resolve("1/train.txt"), "amusement/1.jpg 2\n");
        write(splits.resolve("1/val.txt"), "fear/1.jpg 0\n");
        write(splits.resolve("1/test.txt"), "fear/2.jpg 0\n");
        Path made = temporary.resolve("feelings");

        int code = terminal.run("make-benchmark", made, "--emotions", emotions, "--splits", splits);

        assertThat(code).isZero();
        assertThat(Files.readString(made.resolve("index.csv")))
                .isEqualTo("path,class,split1\namusement/1.jpg,2,train\nfear/1.jpg,0,validation\nfear/2.jpg,0,test\n");
    }

    @Test
    void takesOnlyWhatAListNames() throws Exception {
        Path emotions = temporary.resolve("emotions");
        write(emotions.resolve("joy/1.jpg"), "1");
        write(emotions.resolve("joy/2.jpg"), "2");
        write(temporary.resolve("test.txt"), "joy/2.jpg 0.1 0.9\n");

        assertThat(terminal.run(
                        "make-benchmark",
                        temporary.resolve("made"),
                        "--emotions",
                        emotions,
                        "--list",
                        temporary.resolve("test.txt")))
                .isZero();
        assertThat(Files.readString(temporary.resolve("made/index.csv"))).isEqualTo("path,class\njoy/2.jpg,2\n");
    }

    @Test
    void overwritesNoBenchmark() throws Exception {
        write(temporary.resolve("made/index.csv"), "path,class\na.jpg,0\n");

        assertThat(terminal.run("make-benchmark", temporary.resolve("made"), "--emotions", temporary))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("has an index.csv already");
    }

    /** The lists of the Twitter Testing Dataset leave out 2, 1 and 4 of the published photos, so that folds are equal. */
    @Test
    void readsThePublishedListsOfTheTwitterTestingDataset() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(LISTS), "shared data is not here");

        assertThat(SplitLists.read(LISTS.resolve("five_agrees")).foldOf()).hasSize(880);
        assertThat(SplitLists.read(LISTS.resolve("four_agrees")).foldOf()).hasSize(1_115);
        SplitLists three = SplitLists.read(LISTS.resolve("three_agrees"));
        assertThat(three.foldOf().values()).hasSize(1_265).containsOnly(1, 2, 3, 4, 5);
        assertThat(three.photos().values().stream()
                        .filter(photo -> photo.label().equals("1")))
                .hasSize(767);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
