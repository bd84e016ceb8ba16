package dev.murmuration.evaluator;

import dev.murmuration.stage.Fetched;
import dev.murmuration.student.PhotoException;
import dev.murmuration.student.Student;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            paramLabel = "IMAGE",
            description = "Pictures (JPEG, PNG, GIF, WebP), or folders, of which every file with such a name is taken.")
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
        students.use(model, student -> whole[0] = predict(student, files));
        return whole[0] ? 0 : 1;
    }

    private boolean predict(Student student, List<Path> files) throws UnusableStudentException {
        PrintWriter out = spec.commandLine().getOut();
        PredictionsCsv csv = new PredictionsCsv(out, !scoresOnly);
        boolean whole = true;
        for (int from = 0; from < files.size(); from += students.batch()) {
            List<Path> batch = files.subList(from, Math.min(files.size(), from + students.batch()));
            List<Optional<float[]>> pixels =
                    batch.stream().map(file -> pixels(student, file)).toList();
            List<float[]> shown = pixels.stream().flatMap(Optional::stream).toList();
            float[][] scores = shown.isEmpty() ? new float[0][] : student.predict(shown);
            int next = 0;
            for (int i = 0; i < batch.size(); i++) {
                Optional<Prediction> prediction = pixels.get(i).isPresent()
                        ? Optional.of(Examination.prediction(scores[next++]))
                        : Optional.empty();
                whole &= prediction.isPresent();
                csv.row(
                        prediction,
                        batch.get(i).toString(),
                        prediction
                                .map(p -> LabelScheme.number(p.mostProbable()))
                                .orElse(""));
            }
            out.flush();
        }
        return whole;
    }

    private Optional<float[]> pixels(Student student, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        BenchmarkFiles files = new BenchmarkFolder(folder == null ? file : folder);
        return switch (files.read(String.valueOf(file.getFileName()), Limits.DEFAULTS.photoBytes())) {
            case Fetched.Found<byte[]>(byte[] bytes) -> {
                try {
                    yield Optional.of(student.pixels().of(student.pixels().squash(bytes), false));
                } catch (PhotoException e) {
                    yield odd(file, String.valueOf(e.getMessage()));
                }
            }
            case Fetched.Missing<byte[]> missing -> odd(file, "missing");
            case Fetched.Damaged<byte[]>(String detail) -> odd(file, detail);
        };
    }

    private Optional<float[]> odd(Path file, String problem) {
        spec.commandLine().getErr().println(file + ": " + problem);
        return Optional.empty();
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path image : images) {
            if (!Files.isDirectory(image)) {
                files.add(image);
                continue;
            }
            try (Stream<Path> inside = Files.list(image)) {
                inside.filter(Files::isRegularFile)
                        .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png|gif|webp)"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no pictures in " + images);
        }
        return files;
    }
}
