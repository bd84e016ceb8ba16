package dev.murmuration.evaluator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.Terminal;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command with the predecessors' networks as they were published; small random ones by {@code tools/caffe_golden.py} of the
 * project's root.
 */
class PredecessorsTest {

    @TempDir
    private Path temporary;

    private final Terminal terminal = new Terminal();
    private Path benchmark = Path.of("");

    @BeforeEach
    void writesABenchmarkWithFolds() throws IOException {
        benchmark = Files.createDirectories(temporary.resolve("bright"));
        StringBuilder index = new StringBuilder("path,class,fold\n");
        for (int i = 0; i < 20; i++) {
            Files.write(benchmark.resolve(i + ".png"), BrightnessStudent.photo(2 * (i % 2), i));
            index.append("%d.png,%d,%d%n".formatted(i, i % 2, 1 + i / 4));
        }
        Files.writeString(benchmark.resolve("index.csv"), index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"caffenet.caffemodel", "hybrid_finetuned_all", "vgg19_finetuned_fc6+.caffemodel"})
    void evaluatesAPublishedNetwork(String model) throws Exception {
        assertThat(terminal.run("evaluate", "-m", golden(model), "-b", benchmark + "/"))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out()).contains("zero-shot", "20");
    }

    @Test
    void neverCallsATwoClassNetworksPhotoNeutral() throws Exception {
        assertThat(terminal.run("predict", "-m", golden("caffenet.caffemodel"), "--ten-crops", benchmark))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out().lines().skip(1).map(line -> line.split(",", -1)[1]))
                .hasSize(20)
                .allSatisfy(neutral -> assertThat(Double.parseDouble(neutral)).isZero());
    }

    @Test
    void drawsTheEightByEightMapOfTheFullyConvolutionalForm() throws Exception {
        Path maps = temporary.resolve("maps");

        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        golden("caffenet.caffemodel"),
                        "-o",
                        maps,
                        "--kind",
                        "convolution",
                        benchmark.resolve("1.png")))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out()).contains("8 x 8 cells");
        assertThat(new String(Files.readAllBytes(maps.resolve("1.npy")), StandardCharsets.ISO_8859_1))
                .contains("'shape': (8, 8, 3)");
    }

    @Test
    void saysWhichMapsANetworkDoesNotHave() throws Exception {
        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        golden("hybrid_finetuned_all"),
                        "-o",
                        temporary.resolve("maps"),
                        "--kind",
                        "rollout",
                        benchmark.resolve("1.png")))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("has no attention to roll out");
        BrightnessStudent.write(temporary.resolve("vit"));
        assertThat(terminal.run(
                        "sentiment-map",
                        "-m",
                        temporary.resolve("vit"),
                        "-o",
                        temporary.resolve("maps"),
                        "--kind",
                        "convolution",
                        benchmark.resolve("1.png")))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("has no fully convolutional form");
    }

    /** Five folds over the lists that are given, as Campos et al. had them. */
    @Test
    void trainsFurtherOnGivenFolds() throws Exception {
        assertThat(terminal.run(
                        "cross-validate",
                        "-m",
                        golden("caffenet.caffemodel"),
                        "-b",
                        benchmark + "/",
                        "--folds",
                        "given",
                        "--epochs",
                        1))
                .as(terminal::err)
                .isZero();
        assertThat(terminal.out()).contains("population standard deviation of 5");
    }

    @Test
    void findsAModelByItsNameInTheModelFolder() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("models"));
        Path file = folder.resolve("vgg19_finetuned_fc6+.caffemodel");
        Files.copy(golden("vgg19_finetuned_fc6+.caffemodel"), file);
        Path whole = Files.createDirectories(folder.resolve("hybrid_finetuned_all"));
        Files.copy(golden("hybrid_finetuned_all/snapshot_iter_1.caffemodel"), whole.resolve("a.caffemodel"));

        assertThat(names(folder).folder("vgg19_finetuned_fc6+", temporary)).isEqualTo(file);
        assertThat(names(folder).folder("hybrid_finetuned_all", temporary)).isEqualTo(whole);
        Files.copy(file, folder.resolve("vgg19_finetuned_fc6+.pth"));
        assertThatThrownBy(() -> names(folder).folder("vgg19_finetuned_fc6+", temporary))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("may be any of");
    }

    private static ModelNames names(Path folder) {
        return new ModelNames(
                () -> {
                    throw new AssertionError("nothing of the store is asked for here");
                },
                new ModelNames.Announced() {
                    @Override
                    public List<Checkpoint> checkpoints() {
                        return List.of();
                    }

                    @Override
                    public List<Accuracy> accuracies() {
                        return List.of();
                    }

                    @Override
                    public Optional<String> registered(String name) {
                        return Optional.empty();
                    }

                    @Override
                    public Path modelFolder() {
                        return folder;
                    }
                },
                new CheckpointArchive(64, 1 << 20));
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PredecessorsTest.class.getResource("/golden/caffe/" + name))
                .toURI());
    }
}
