package dev.murmuration.evaluator;

import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.torch.Torch;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How students run, and where they come from: what every command that asks one has in common. */
final class StudentOptions {

    private static final String STORE = "s3://";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_FILES = 64;
    private static final long MAX_BYTES = 8L << 30;

    /** For the help of every command. */
    static final String MODELS =
            "A Hugging Face folder, a checkpoint's tar file, or s3://KEY of a checkpoint in the object store.";

    @Option(names = "--precision", paramLabel = "PRECISION", description = "fp32 (default) or bf16.")
    private String precision = "fp32";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, gpu, gpu<number> or auto (default).")
    private String device = "auto";

    @Option(names = "--threads", paramLabel = "N", description = "Threads; by default as many as there are cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--batch", paramLabel = "N", description = "Photos that are shown at once; 32 by default.")
    private int batch = 32;

    /** What a command does with the student. */
    @FunctionalInterface
    interface Use {
        void with(Student student) throws IOException, UnusableStudentException, BenchmarkException;
    }

    int threads() {
        return atLeastOne("--threads", threads);
    }

    int batch() {
        return atLeastOne("--batch", batch);
    }

    /** The store of the settings; connects with the first request. */
    static ObjectStore store() {
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .withMapping(StoreSettings.class)
                .build()
                .getConfigMapping(StoreSettings.class));
    }

    /** Shows a student a benchmark, with progress on the terminal. */
    Answers examine(Student student, Benchmark benchmark) throws UnusableStudentException {
        ProgressLine progress =
                new ProgressLine(benchmark.name(), benchmark.photos().size());
        try (Examination examination = new Examination(Limits.DEFAULTS, new PixelCache(0), threads(), batch())) {
            return examination.examine(student, benchmark, progress::advanced, () -> false);
        } finally {
            progress.clear();
        }
    }

    /** Loads a student, lends it, and frees it. */
    void use(String model, Use use) throws IOException, UnusableStudentException, BenchmarkException {
        Path folder = Files.createTempDirectory("murmuration-model-");
        try (Student student = load(model, folder)) {
            use.with(student);
        } finally {
            Folders.delete(folder);
        }
    }

    private Student load(String model, Path temporary) throws IOException, UnusableStudentException {
        Torch.threads(threads());
        try {
            return Student.load(folder(model, temporary), Torch.device(device), Precision.named(precision));
        } catch (IllegalArgumentException e) {
            throw new UnusableStudentException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UnusableStudentException(model + " holds no student: " + e.getMessage());
        }
    }

    private Path folder(String model, Path temporary) throws IOException, UnusableStudentException {
        if (model.startsWith(STORE)) {
            return unpacked(model, download(model.substring(STORE.length()), temporary), temporary);
        }
        Path path = Path.of(model);
        if (Files.isRegularFile(path)) {
            return unpacked(model, path, temporary);
        }
        if (!Files.isDirectory(path)) {
            throw new UnusableStudentException(
                    model + " is neither a folder nor a file; keys of the object store begin with " + STORE);
        }
        return path;
    }

    /** Checked by the SHA-256 in its key: objects are named by their content. */
    private static Path download(String key, Path temporary) throws UnusableStudentException {
        Matcher named = SHA256.matcher(key);
        if (!named.find()) {
            throw new UnusableStudentException(STORE + key + " has no SHA-256 in its name to check it by");
        }
        return found(STORE + key, store().download(key, named.group(), temporary.resolve("checkpoint.tar")));
    }

    private Path unpacked(String model, Path tar, Path temporary) throws IOException, UnusableStudentException {
        return found(
                "model/ in " + model,
                new CheckpointArchive(MAX_FILES, MAX_BYTES)
                        .unpackModel(tar, Files.createDirectory(temporary.resolve("model"))));
    }

    private static Path found(String what, Fetched<Path> fetched) throws UnusableStudentException {
        return switch (fetched) {
            case Fetched.Found<Path>(Path path) -> path;
            case Fetched.Missing<Path> missing -> throw new UnusableStudentException(what + " is missing");
            case Fetched.Damaged<Path>(String detail) ->
                throw new UnusableStudentException(what + " is damaged: " + detail);
        };
    }

    private static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new SettingException(option, value, "must be at least 1");
        }
        return value;
    }
}
