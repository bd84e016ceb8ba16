package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.stage.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: a student on benchmarks. */
@Command(
        name = "evaluate",
        description =
                "Measures a student on benchmarks: accuracy with its 95 %% interval, macro F1, ROC-AUC, F1 of each class.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {

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

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "Also writes the predictions as CSV: NEG,NEU,POS,path,class. One benchmark only.")
    private @Nullable Path predictions;

    @Option(
            names = "--scores-only",
            description = "Leaves path and class out of the predictions, as the papers' files are.")
    private boolean scoresOnly;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, UnusableStudentException, BenchmarkException {
        List<Protocol> protocols = measuring.protocols();
        List<Benchmark> benchmarks = measuring.open();
        if (predictions != null && benchmarks.size() > 1) {
            throw measuring.wrong("--predictions takes one benchmark");
        }
        if (predictions != null) {
            CommandContext.requireWritable(spec, "--predictions", FileProblem.ofWriting(predictions));
        }
        MetricsTable table = new MetricsTable(spec.commandLine().getOut());
        students.use(model, student -> {
            spec.commandLine().getOut().println(Printable.of("student: " + students.identity()));
            for (Benchmark benchmark : benchmarks) {
                BenchmarkPredictions answers = students.examine(student, benchmark);
                table.print(answers, protocols);
                if (predictions != null) {
                    write(answers, predictions);
                }
            }
        });
        return 0;
    }

    private void write(BenchmarkPredictions answers, Path file) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            PredictionsCsv csv = new PredictionsCsv(out, !scoresOnly);
            for (int i = 0; i < answers.predictions().size(); i++) {
                Benchmark.Photo photo = answers.benchmark().photos().get(i);
                csv.row(answers.predictions().get(i), photo.path(), LabelScheme.number(photo.label()));
            }
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
    }
}
