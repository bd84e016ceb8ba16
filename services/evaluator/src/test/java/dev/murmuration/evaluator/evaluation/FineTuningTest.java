package dev.murmuration.evaluator.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkFolder;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.measure.LabelledPrediction;
import dev.murmuration.evaluator.measure.Metrics;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.Training;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {

    private static final Architecture SHAPE = Architecture.named("vit-demo-16-32");
    private static final int PHOTOS = 40;

    @TempDir
    Path temporary;

    private Path model = Path.of("");
    private Path folder = Path.of("");

    @BeforeEach
    void writesAStudentThatKnowsNothingAndABenchmark() throws IOException {
        model = temporary.resolve("model");
        try (Training untrained = Training.begin(SHAPE, Torch.device("cpu"), Precision.FP32, 5)) {
            StudentFolder.write(
                    model,
                    SHAPE,
                    Pixels.symmetric(SHAPE.side(), Resize.PILLOW_BILINEAR),
                    untrained.state().average());
        }
        folder = Files.createDirectories(temporary.resolve("bright"));
        StringBuilder index = new StringBuilder("path,class,split1\n");
        for (int i = 0; i < PHOTOS; i++) {
            Files.write(folder.resolve(i + ".png"), BrightnessStudent.photo(i % 2 * 2, i));
            String part = i < 24 ? "train" : i < 30 ? "validation" : "test";
            index.append("%d.png,%d,%s%n".formatted(i, i % 2 * 2, part));
        }
        Files.writeString(folder.resolve("index.csv"), index);
    }

    @Test
    void learnsInFiveFoldsAndTestsEveryPhotoOnce() throws Exception {
        AtomicInteger photos = new AtomicInteger();

        FineTuning.Outcome outcome = run(Protocol.K_FOLD, new FineTuningRecipe(6, 8, 2e-3, 1e-7, 42), photos);

        assertThat(outcome.trials()).hasSize(5);
        assertThat(outcome.judged())
                .hasSize(PHOTOS)
                .allSatisfy(judged -> assertThat(judged.prediction().neutral()).isLessThan(1e-5));
        assertThat(outcome.mean()).isGreaterThan(.9);
        assertThat(photos).hasValue(5 * (6 * 32 + 8));
    }

    @Test
    void givesTheSameFiguresForTheSameSeed() throws Exception {
        FineTuningRecipe recipe = new FineTuningRecipe(1, 8, 1e-3, 1e-7, 7);

        FineTuning.Outcome first = run(Protocol.K_FOLD, recipe, new AtomicInteger());
        FineTuning.Outcome second = run(Protocol.K_FOLD, recipe, new AtomicInteger());

        assertThat(first.judged()).isEqualTo(second.judged());
    }

    /** With a step too small to move anything the predictions are the student's own, masked and made to sum to 1. */
    @Test
    void masksTheProbabilityOfNeutralAsPublished() throws Exception {
        double mask = 1e-2;

        FineTuning.Outcome outcome =
                run(Protocol.K_FOLD, new FineTuningRecipe(1, 8, 1e-30, mask, 42), new AtomicInteger());

        Fold first = Fold.of(Protocol.K_FOLD, open()).getFirst();
        try (Student student = Student.load(model, Torch.device("cpu"), Precision.FP32)) {
            for (int i = 0; i < first.testing().size(); i++) {
                byte[] photo = Files.readAllBytes(folder.resolve(first.testing().get(i) + ".png"));
                float[] p = student.predict(
                                List.of(student.pixels().of(student.pixels().squash(photo), false)))[0];
                double sum = p[0] + p[1] * mask + p[2];
                Prediction masked = outcome.judged().get(i).prediction();
                assertThat(masked.negative()).isEqualTo(p[0] / sum, within(1e-5));
                assertThat(masked.neutral()).isEqualTo(p[1] * mask / sum, within(1e-6));
                assertThat(masked.positive()).isEqualTo(p[2] / sum, within(1e-5));
            }
        }
    }

    @Test
    void testsAfterTheEpochThatIsBestOnTheValidationPart() throws Exception {
        AtomicInteger photos = new AtomicInteger();

        FineTuning.Outcome outcome = run(Protocol.FINE_TUNE, new FineTuningRecipe(6, 8, 2e-3, 1, 42), photos);

        assertThat(outcome.judged()).hasSize(10);
        assertThat(outcome.judged().stream().map(LabelledPrediction::truth).distinct())
                .containsExactlyInAnyOrder(Sentiment.negative, Sentiment.positive);
        assertThat(outcome.mean()).isGreaterThan(.9);
        assertThat(outcome.deviation()).isZero();
        // Each epoch is validated; the test photos are shown after each that was better than all before it.
        assertThat(photos.get()).isBetween(6 * (24 + 6) + 10, 6 * (24 + 6) + 6 * 10);
    }

    @Test
    void leavesOddPhotosOutOfTrainingAndTest() throws Exception {
        Files.writeString(folder.resolve("3.png"), "no image");

        FineTuning.Outcome outcome =
                run(Protocol.K_FOLD, new FineTuningRecipe(1, 8, 1e-3, 1e-7, 42), new AtomicInteger());

        assertThat(outcome.judged()).hasSize(PHOTOS - 1);
    }

    @Test
    void stopsWhenToldTo() throws Exception {
        Path work = Files.createDirectories(temporary.resolve("stopped"));
        Benchmark benchmark = open();
        try (SquashedPhotos photos = squashed(benchmark, work)) {
            FineTuning tuning = new FineTuning(Torch.device("cpu"), Precision.FP32, more -> {}, () -> true);

            assertThatThrownBy(() -> tuning.run(
                            model, work, benchmark, photos, Protocol.K_FOLD, FineTuningRecipe.crossValidation()))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void spreadsTrialsAsAPopulation() {
        FineTuning.Outcome outcome = new FineTuning.Outcome(List.of(metrics(6), metrics(8), metrics(10)), List.of());

        assertThat(outcome.mean()).isEqualTo(.8, within(1e-12));
        assertThat(outcome.deviation()).isEqualTo(Math.sqrt(.08 / 3), within(1e-12));
    }

    private static Metrics metrics(int right) {
        List<LabelledPrediction> judged = IntStream.range(0, 10)
                .mapToObj(i -> new LabelledPrediction(
                        Sentiment.negative, i < right ? new Prediction(1, 0, 0) : new Prediction(0, 0, 1)))
                .toList();
        return Protocol.ZERO_SHOT.measure(judged).orElseThrow();
    }

    private FineTuning.Outcome run(Protocol protocol, FineTuningRecipe recipe, AtomicInteger photos) throws Exception {
        Path work = Files.createTempDirectory(temporary, "work");
        Benchmark benchmark = open();
        try (SquashedPhotos squashed = squashed(benchmark, work)) {
            return new FineTuning(Torch.device("cpu"), Precision.FP32, photos::addAndGet, () -> false)
                    .run(model, work, benchmark, squashed, protocol, recipe);
        }
    }

    private SquashedPhotos squashed(Benchmark benchmark, Path work) throws IOException {
        try (BenchmarkRun examination = new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), 2, 7)) {
            return SquashedPhotos.in(work, StudentFolder.read(model).pixels(), writer -> {
                try {
                    examination.squash(StudentFolder.read(model).pixels(), benchmark, writer, more -> {}, () -> false);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private Benchmark open() throws BenchmarkException {
        return Benchmark.open(new BenchmarkFolder(folder), LabelScheme.AUTO, BenchmarkLimits.DEFAULTS);
    }
}
