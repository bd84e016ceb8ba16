package dev.murmuration.evaluator.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkFolder;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.command.Commands;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions.Odd;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkRunTest {

    private static final int PHOTOS = 23;

    @TempDir
    Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void writesAStudentAndABenchmark() throws IOException {
        BrightnessStudent.write(temporary.resolve("model"));
        folder = Files.createDirectories(temporary.resolve("bright"));
        StringBuilder index = new StringBuilder("path,class\n");
        for (int i = 0; i < PHOTOS; i++) {
            Files.write(folder.resolve(i + ".png"), BrightnessStudent.photo(i % 3, i));
            index.append(i).append(".png,").append(i % 3).append('\n');
        }
        Files.writeString(folder.resolve("index.csv"), index);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 4, 1000000", "1, 23, 30000", "3, 64, 0"})
    void asksAboutEveryPhotoInTheOrderOfTheIndexHoweverItIsBatchedAndKept(int threads, int batch, long cacheBytes)
            throws Exception {
        PixelCache cache = new PixelCache(cacheBytes);
        Benchmark benchmark = open();
        try (Student student = student();
                BenchmarkRun examination = new BenchmarkRun(BenchmarkLimits.DEFAULTS, cache, threads, batch)) {
            AtomicInteger advanced = new AtomicInteger();

            BenchmarkPredictions first = examination.examine(student, benchmark, advanced::addAndGet, () -> false);
            BenchmarkPredictions second = examination.examine(student, benchmark, advanced::addAndGet, () -> false);

            assertThat(first.predictions()).hasSize(PHOTOS).isEqualTo(second.predictions());
            assertThat(first.judged())
                    .allSatisfy(judged ->
                            assertThat(judged.prediction().mostProbable()).isEqualTo(judged.truth()));
            assertThat(first.odd()).isEmpty();
            assertThat(advanced).hasValue(2 * PHOTOS);
            assertThat(cache.usedBytes()).isLessThanOrEqualTo(cacheBytes);
        }
    }

    @Test
    void namesWhatItCouldNotShowAndKeepsTheRowsInPlace() throws Exception {
        Files.delete(folder.resolve("4.png"));
        Files.writeString(folder.resolve("7.png"), "no image");
        Benchmark benchmark = open();
        Files.write(folder.resolve("9.png"), BrightnessStudent.photo(0, 49));

        BenchmarkPredictions answers = examine(benchmark);

        assertThat(answers.odd())
                .extracting(Odd::path, Odd::problem)
                .containsExactly(
                        tuple("4.png", "missing"),
                        tuple("7.png", "neither JPEG, PNG, WebP nor GIF: starts with 6e6f20696d616765"),
                        tuple("9.png", "changed while the benchmark was being measured"));
        assertThat(answers.predictions()).hasSize(PHOTOS);
        assertThat(answers.predictions().get(4)).isEmpty();
        assertThat(answers.predictions().get(5).map(Prediction::mostProbable))
                .isEqualTo(Optional.of(Sentiment.positive));
        assertThat(answers.judged()).hasSize(PHOTOS - 3);
    }

    @Test
    void refusesAStudentThatAnswersNoProbabilities() throws Exception {
        BrightnessStudent.writeBroken(temporary.resolve("model"));
        Benchmark benchmark = open();

        assertThatThrownBy(() -> examine(benchmark))
                .isInstanceOf(UnusableStudentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void stopsBetweenTwoBatchesWhenTold() throws Exception {
        Benchmark benchmark = open();
        AtomicInteger asked = new AtomicInteger();
        try (Student student = student();
                BenchmarkRun examination = new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), 1, 4)) {
            AtomicInteger advanced = new AtomicInteger();

            assertThatThrownBy(() -> examination.examine(
                            student, benchmark, advanced::addAndGet, () -> asked.incrementAndGet() > 2))
                    .isInstanceOf(CancellationException.class);
            assertThat(advanced).hasValue(8);
        }
    }

    @Test
    void runsAsACommandAndWritesPredictionsThatMatchTheIndex() throws Exception {
        Files.writeString(folder.resolve("7.png"), "no image");
        Path csv = temporary.resolve("predictions.csv");
        String slashed = folder.toString() + "/";

        int exit = Commands.run(
                "evaluate",
                "-m",
                temporary.resolve("model").toString(),
                "-b",
                slashed,
                "--predictions",
                csv.toString());

        assertThat(exit).isZero();
        List<String> lines = Files.readAllLines(csv, StandardCharsets.UTF_8);
        assertThat(lines).hasSize(PHOTOS + 1);
        assertThat(lines.getFirst()).isEqualTo("NEG,NEU,POS,path,class");
        assertThat(lines.get(8)).isEqualTo("nan,nan,nan,7.png,1");
        assertThat(lines.get(3)).matches("0\\.0\\d+,0\\.0\\d+,0\\.9\\d+,2\\.png,2");
    }

    @Test
    void endsACommandWithOneLineAndACodeWhereSomethingIsNotThere() {
        assertThat(Commands.run("evaluate", "-m", temporary.resolve("none").toString(), "-b", folder + "/"))
                .isEqualTo(1);
        assertThat(Commands.run("evaluate", "-m", temporary.resolve("model").toString(), "-b", temporary + "/none"))
                .isEqualTo(1);
        assertThat(Commands.run("evaluate", "-m", "x")).isEqualTo(2);
        assertThat(Commands.run("predict", "-m", temporary.resolve("model").toString(), folder + "/nothing.png"))
                .isEqualTo(1);
        assertThat(Commands.run("predict", "-m", temporary.resolve("model").toString(), folder + "/0.png"))
                .isZero();
    }

    private BenchmarkPredictions examine(Benchmark benchmark) throws Exception {
        try (Student student = student();
                BenchmarkRun examination = new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), 2, 5)) {
            return examination.examine(student, benchmark, photos -> {}, () -> false);
        }
    }

    private Student student() throws IOException {
        return Student.load(temporary.resolve("model"), Torch.device("cpu"), Precision.FP32);
    }

    private Benchmark open() throws BenchmarkException {
        return Benchmark.open(new BenchmarkFolder(folder), LabelScheme.AUTO, BenchmarkLimits.DEFAULTS);
    }
}
