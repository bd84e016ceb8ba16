package dev.murmuration.evaluator.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.Terminal;
import dev.murmuration.evaluator.map.Picture;
import dev.murmuration.local.CommandRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    @TempDir
    Path temporary;

    private final Terminal terminal = new Terminal();
    private Path benchmark = Path.of("");

    @BeforeEach
    void writesAStudentAndABenchmark() throws IOException {
        BrightnessStudent.write(temporary.resolve("model"));
        benchmark = BrightnessStudent.benchmark(temporary.resolve("bright"));
    }

    @Test
    void bringsWhatTheRegistryLists() {
        assertThat(Commands.line().getSubcommands().keySet())
                .containsExactlyInAnyOrderElementsOf(CommandRegistry.commandsOf("evaluator"));
    }

    @Test
    void predictsWhatACsvLists() throws Exception {
        Path csv = temporary.resolve("mine.csv");
        Files.writeString(csv, "id,path\n1,bright/2.png\n2,bright/0.png\n3,bright/none.png\n");

        assertThat(terminal.run("predict", "-m", model(), csv)).isEqualTo(1);
        assertThat(terminal.out().lines().map(line -> line.substring(line.lastIndexOf(',') + 1)))
                .containsExactly("class", "2", "0", "");
        assertThat(terminal.err()).contains("none.png: missing");
    }

    @Test
    void drawsAMapUnderTheImagesNameWithItsGrid() throws Exception {
        Path maps = temporary.resolve("maps");

        assertThat(terminal.run("sentiment-map", "-m", model(), "-o", maps, "--judge", benchmark.resolve("1.png")))
                .isZero();

        assertThat(Picture.upright(Files.readAllBytes(maps.resolve("1.png")), 1_000, 1_000_000)
                        .getWidth())
                .isEqualTo(64);
        assertThat(new String(Files.readAllBytes(maps.resolve("1.npy")), StandardCharsets.ISO_8859_1))
                .contains("'shape': (8, 8, 3)");
        assertThat(terminal.out()).contains("8 x 8 cells", "this map", "random map", "insertion AUC");
    }

    @Test
    void laysSeveralMapsBesideThePhotoWithWhatTheStudentSays() throws Exception {
        Path maps = temporary.resolve("maps");

        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        model(),
                        "-o",
                        maps,
                        "--kind",
                        "occlusion,rollout",
                        benchmark.resolve("1.png")))
                .isZero();

        assertThat(maps.resolve("1-occlusion.png")).exists();
        assertThat(maps.resolve("1-rollout.npy")).exists();
        assertThat(Picture.upright(Files.readAllBytes(maps.resolve("1-strip.png")), 10_000, 10_000_000)
                        .getWidth())
                .isEqualTo(6 + 3 * (288 + 6));
        // The class that predict names: the benchmark's photo 1 is neutral.
        assertThat(terminal.out()).contains("1.png: neutral (negative ", "rollout of 8 x 8 cells", "1-strip.png");
    }

    @Test
    void saysBeforeItWorksWhatItCannotWrite() {
        assertThat(terminal.run(
                        "evaluate",
                        "-m",
                        model(),
                        "-b",
                        benchmark + "/",
                        "--predictions",
                        temporary.resolve("no/p.csv")))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("no/p.csv: there is no folder ");
        assertThat(terminal.run("contact-sheet", "-m", model(), "-b", benchmark + "/", "-o", temporary))
                .isEqualTo(2);
        assertThat(terminal.err()).contains(temporary + ": is a folder");
    }

    @Test
    void saysWhichStudentAnsweredAndHowGoodItIsBesideTheMajority() {
        assertThat(terminal.run("evaluate", "-m", model(), "-b", benchmark + "/"))
                .isZero();
        assertThat(terminal.out())
                .contains("student: " + model() + ", sha256 ")
                .containsPattern("three-way +15 +100.0 %  +79.6 to 100.0 % +33.3 % +33.3 %")
                .contains("truth, said to be");
        assertThat(terminal.run("compare", model(), model(), "-b", benchmark + "/"))
                .isZero();
        assertThat(terminal.out())
                .contains("A = " + model() + ", sha256 ")
                .contains("three-way  B - A = +0.0 points (95 % interval ");
    }

    @Test
    void rollsOutAttentionOverPatches() throws Exception {
        Path maps = temporary.resolve("maps");

        assertThat(terminal.run(
                        "sentiment-map", "-m", model(), "-o", maps, "--kind", "rollout", benchmark.resolve("1.png")))
                .isZero();
        assertThat(new String(Files.readAllBytes(maps.resolve("1.npy")), StandardCharsets.ISO_8859_1))
                .contains("'shape': (8, 8)");
    }

    @Test
    void drawsTheScoresOfPatchesOfAStudentThatReadsTheirMean() throws Exception {
        Path maps = temporary.resolve("maps");
        BrightnessStudent.writeOnPatches(temporary.resolve("patches"));

        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        temporary.resolve("patches"),
                        "-o",
                        maps,
                        "--kind",
                        "patches",
                        "--judge",
                        benchmark.resolve("1.png")))
                .as(terminal::err)
                .isZero();
        byte[] npy = Files.readAllBytes(maps.resolve("1.npy"));
        assertThat(new String(npy, StandardCharsets.ISO_8859_1)).contains("'shape': (8, 8, 3)");
        FloatBuffer values = ByteBuffer.wrap(npy, npy.length - 8 * 8 * 3 * 4, 8 * 8 * 3 * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        // The upper half is dark, the lower one bright; the last norm makes that 7.8 and more in favour and against.
        for (int patch = 0; patch < 64; patch++) {
            assertThat(values.get(3 * patch)).isCloseTo(patch < 32 ? .99f : 0, within(.01f));
            assertThat(values.get(3 * patch + 2)).isCloseTo(patch < 32 ? 0 : .99f, within(.01f));
        }
        assertThat(terminal.out()).contains("8 x 8 cells", "this map", "random map", "insertion AUC");
    }

    @Test
    void hasNoScoresOfPatchesForAStudentThatReadsItsClassToken() {
        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        model(),
                        "-o",
                        temporary.resolve("maps"),
                        "--kind",
                        "patches",
                        benchmark.resolve("1.png")))
                .isEqualTo(1);
        assertThat(terminal.err())
                .contains(
                        "1.png: a vit-demo-8-64 has no scores of its patches: its head does not read their mean, as that of a vit-...-mean does");
    }

    @Test
    void namesPicturesItCannotDrawAndRefusesWrongUsage() throws Exception {
        Files.writeString(temporary.resolve("text.png"), "no image");

        assertThat(terminal.run("sentiment-map", "-m", model(), "-o", temporary, temporary.resolve("text.png")))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("text.png: neither JPEG, PNG, WebP nor GIF");
        assertThat(terminal.run("sentiment-map", "-m", model(), "--kind", "gradient", "x.png"))
                .isEqualTo(2);
        assertThat(terminal.run("sentiment-map", "-m", model(), "--finer", "9", "x.png"))
                .isEqualTo(2);
        assertThat(terminal.run("sentiment-map", "-m", model(), benchmark.resolve("1.png"), temporary.resolve("1.gif")))
                .isEqualTo(2);
    }

    @Test
    void laysTheSurestPhotosOutOnOneSheet() throws Exception {
        Path sheet = temporary.resolve("sheet.png");

        assertThat(terminal.run(
                        "contact-sheet",
                        "-m",
                        model(),
                        "-b",
                        benchmark + "/",
                        "-o",
                        sheet,
                        "--per-pair",
                        3,
                        "--tile",
                        40))
                .isZero();
        // Nine pairs of three classes; five photos of each class are right, none is wrong: three rows of tiles.
        assertThat(Picture.upright(Files.readAllBytes(sheet), 10_000, 10_000_000))
                .satisfies(image -> {
                    assertThat(image.getWidth()).isEqualTo(6 + 3 * 46);
                    assertThat(image.getHeight()).isEqualTo(6 + 9 * 28 + 3 * 56);
                });
    }

    @Test
    void crossValidatesFromACheckpoint() {
        assertThat(terminal.run(
                        "cross-validate",
                        "-m",
                        model(),
                        "-b",
                        benchmark + "/",
                        "--epochs",
                        1,
                        "--learning-rate",
                        "1e-6"))
                .isZero();
        assertThat(terminal.out())
                .contains("k-fold: accuracy 100.00 % +- 0.00 (mean and population standard deviation of 5, in points)");
    }

    @Test
    void saysBeforeItTrainsWhatABenchmarkLacks() {
        assertThat(terminal.run("fine-tune", "-m", model(), "-b", benchmark + "/"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("needs columns split1");
        assertThat(terminal.run("cross-validate", "-m", model(), "-b", benchmark + "/", "--folds", "given"))
                .isEqualTo(1);
        assertThat(terminal.run("cross-validate", "-m", model(), "-b", benchmark + "/", "--folds", "other"))
                .isEqualTo(2);
        assertThat(terminal.run("cross-validate", "-m", model(), "-b", benchmark + "/", "--epochs", 0))
                .isEqualTo(2);
        assertThat(terminal.run("evaluate", "-m", model(), "-b", benchmark + "/", "-p", "k-fold"))
                .isEqualTo(2);
    }

    @Test
    void printsThePublishedTablesWithoutAPlatform() {
        assertThat(terminal.run("leaderboard", "--published-only", "--format", "markdown"))
                .isZero();
        assertThat(terminal.out()).contains("| ViT_B32 | Serra et al. 2023 | 86.5 | 82.6 | 78.9 |");
    }

    private Path model() {
        return temporary.resolve("model");
    }
}
