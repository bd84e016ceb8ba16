package dev.murmuration.evaluator.command;

import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.benchmark.PhotoFiles;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.stage.text.Printable;
import dev.murmuration.student.Student;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict}: what a student says of any pictures. */
@Command(
        name = "predict",
        description =
                "Prints class probabilities of pictures as CSV: NEG,NEU,POS,path,class; class is the most probable one.",
        mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {

    @Mixin
    private StudentOptions students = new StudentOptions();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = StudentOptions.MODELS)
    private String model = "";

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE|DIR|CSV",
            description =
                    "Pictures (JPEG, PNG, GIF, WebP), folders, of which every file with such a name is taken, or CSV files with a column path.")
    private List<Path> images = new ArrayList<>();

    @Option(names = "--scores-only", description = "Prints NEG,NEU,POS only.")
    private boolean scoresOnly;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Exit code 1 where a picture could not be read: it is named on the standard error, and has nan in its row. */
    @Override
    public Integer call() throws IOException, UnusableStudentException, BenchmarkException {
        List<Path> files = files();
        boolean[] whole = {true};
        students.use(model, student -> {
            spec.commandLine().getErr().println(Printable.of("student: " + students.identity()));
            whole[0] = predict(student, files);
        });
        return whole[0] ? 0 : 1;
    }

    private boolean predict(Student student, List<Path> files) throws UnusableStudentException {
        PrintWriter out = spec.commandLine().getOut();
        PredictionsCsv csv = new PredictionsCsv(out, !scoresOnly);
        ProgressLine progress = new ProgressLine("predict", files.size());
        int unshown = 0;
        for (int from = 0; from < files.size(); from += students.batch()) {
            List<Path> batch = files.subList(from, Math.min(files.size(), from + students.batch()));
            List<Read> read =
                    batch.parallelStream().map(file -> read(student, file)).toList();
            List<float[]> shown =
                    read.stream().flatMap(one -> one.pixels().stream()).toList();
            float[][] scores = shown.isEmpty() ? new float[0][] : student.predict(shown);
            int next = 0;
            progress.clear();
            for (int i = 0; i < batch.size(); i++) {
                Optional<Prediction> prediction = read.get(i).pixels().isPresent()
                        ? Optional.of(BenchmarkRun.prediction(scores[next++]))
                        : Optional.empty();
                if (prediction.isEmpty()) {
                    spec.commandLine()
                            .getErr()
                            .println(Printable.of(
                                    batch.get(i) + ": " + read.get(i).problem()));
                    unshown++;
                }
                csv.row(
                        prediction,
                        batch.get(i).toString(),
                        prediction
                                .map(p -> LabelScheme.number(p.mostProbable()))
                                .orElse(""));
            }
            out.flush();
            progress.advanced(batch.size());
        }
        progress.clear();
        if (files.size() > 1) {
            spec.commandLine()
                    .getErr()
                    .printf(Locale.ROOT, "%,d predicted, %,d could not be shown%n", files.size() - unshown, unshown);
        }
        return unshown == 0;
    }

    private record Read(Optional<float[]> pixels, String problem) {}

    private static Read read(Student student, Path file) {
        try {
            return new Read(
                    Optional.of(student.pixels().of(student.pixels().squash(PhotoFiles.read(file)), false)), "");
        } catch (IOException e) {
            return new Read(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private List<Path> files() throws IOException, BenchmarkException {
        List<Path> files = ImageArguments.listed(images);
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no pictures in " + images);
        }
        return files;
    }
}
