package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.evaluation.FineTuning;
import dev.murmuration.evaluator.evaluation.FineTuningRecipe;
import dev.murmuration.evaluator.evaluation.Fold;
import dev.murmuration.evaluator.evaluation.SquashedPhotos;
import dev.murmuration.evaluator.measure.Metrics;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.student.StudentFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that train. */
final class FineTuningOptions {

    @Mixin
    private StudentOptions students = new StudentOptions();

    @Mixin
    private BenchmarkOption measuring = new BenchmarkOption();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = StudentOptions.MODELS)
    private String model = "";

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs; by default as published.")
    private @Nullable Integer epochs;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Constant learning rate; 1e-4 by default.")
    private @Nullable Double learningRate;

    @Option(names = "--tuning-batch", paramLabel = "N", description = "Photos of one update; 32 by default.")
    private @Nullable Integer batch;

    @Option(names = "--seed", paramLabel = "SEED", description = "Of the order of the photos; 42 by default.")
    private @Nullable Long seed;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Trains, tests, and prints. */
    int run(Protocol protocol) throws IOException, UnusableStudentException, BenchmarkException {
        FineTuningRecipe recipe = recipe(protocol);
        List<Benchmark> benchmarks = measuring.open();
        for (Benchmark benchmark : benchmarks) {
            Fold.of(protocol, benchmark); // what is wrong with a benchmark is told before an hour of training
        }
        students.useFolder(model, folder -> {
            for (Benchmark benchmark : benchmarks) {
                run(folder, benchmark, protocol, recipe);
            }
        });
        return 0;
    }

    ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private void run(Path folder, Benchmark benchmark, Protocol protocol, FineTuningRecipe recipe)
            throws IOException, UnusableStudentException, BenchmarkException {
        Path work = Files.createTempDirectory("murmuration-tuning-");
        ProgressLine progress =
                new ProgressLine(benchmark.name() + " " + protocol.title(), photos(benchmark, protocol, recipe));
        try (SquashedPhotos photos =
                students.squashed(benchmark, StudentFolder.read(folder).pixels(), work)) {
            FineTuning.Outcome outcome = new FineTuning(
                            students.device(), students.precision(), progress::advanced, () -> false)
                    .run(folder, work, benchmark, photos, protocol, recipe);
            progress.clear();
            print(benchmark, photos, protocol, recipe, outcome);
        } finally {
            progress.clear();
            Folders.delete(work);
        }
    }

    private static int photos(Benchmark benchmark, Protocol protocol, FineTuningRecipe recipe)
            throws BenchmarkException {
        int photos = 0;
        for (Fold trial : Fold.of(protocol, benchmark)) {
            photos += recipe.epochs()
                            * (trial.training().size() + trial.validation().size())
                    + trial.testing().size();
        }
        return photos;
    }

    private void print(
            Benchmark benchmark,
            SquashedPhotos photos,
            Protocol protocol,
            FineTuningRecipe recipe,
            FineTuning.Outcome outcome)
            throws BenchmarkException {
        PrintWriter out = spec.commandLine().getOut();
        new MetricsTable(out).printHead(benchmark, photos.odd());
        out.println("protocol   trial     photos  accuracy  majority  macro F1  ROC AUC");
        List<Fold> trials = Fold.of(protocol, benchmark);
        for (int i = 0; i < trials.size(); i++) {
            Metrics trial = outcome.trials().get(i);
            out.printf(
                    Locale.ROOT,
                    "%-9s  %-8s  %6d  %6.2f %%  %6.1f %%  %8.3f  %s%n",
                    protocol.title(),
                    trials.get(i).name(),
                    trial.samples(),
                    100 * trial.accuracy(),
                    100 * trial.majority(),
                    trial.macroF1(),
                    trial.ranking()
                            .map(ranking -> String.format(Locale.ROOT, "%7.3f", ranking.rocAuc()))
                            .orElse("      -"));
        }
        out.printf(
                Locale.ROOT,
                "%s: accuracy %.2f %% +- %.2f (mean and population standard deviation of %d, in points), %s%n",
                protocol.title(),
                100 * outcome.mean(),
                100 * outcome.deviation(),
                trials.size(),
                recipe.title());
        out.flush();
    }

    private FineTuningRecipe recipe(Protocol protocol) {
        FineTuningRecipe published = FineTuningRecipe.of(protocol);
        try {
            return new FineTuningRecipe(
                    epochs == null ? published.epochs() : epochs,
                    batch == null ? published.batch() : batch,
                    learningRate == null ? published.learningRate() : learningRate,
                    published.neutralMask(),
                    seed == null ? published.seed() : seed);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }
}
