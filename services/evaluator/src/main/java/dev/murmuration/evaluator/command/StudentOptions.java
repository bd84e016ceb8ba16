package dev.murmuration.evaluator.command;

import ai.djl.Device;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.evaluation.PixelCache;
import dev.murmuration.evaluator.evaluation.SquashedPhotos;
import dev.murmuration.evaluator.model.CheckpointArchive;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.model.ModelNames;
import dev.murmuration.evaluator.model.ResolvedStudent;
import dev.murmuration.evaluator.model.StudentIdentity;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.programs.Torch;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that runs a student: which one, and how it computes. */
final class StudentOptions {

    private static final int MAX_FILES = 64;
    private static final long MAX_BYTES = 8L << 30;

    /** For the help of every command. */
    static final String MODELS =
            "A Hugging Face folder, a .h5 of vit-keras, a .caffemodel or .pth of the predecessors or its folder, a checkpoint's tar file, s3://KEY of one in the object store,"
                    + " a published or registered name (ViT_B32, hybrid_finetuned_all, ...), a run, latest, best, or best:BENCHMARK.";

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            description = "fp32, bf16 or auto (default): bf16 on a GPU.")
    private String precision = "auto";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, gpu, gpu<number> or auto (default).")
    private String device = "auto";

    @Option(names = "--threads", paramLabel = "N", description = "Threads; by default as many as there are cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--batch", paramLabel = "N", description = "Photos that are shown at once; 32 by default.")
    private int batch = 32;

    @Option(
            names = "--ten-crops",
            description = "The mean over ten crops of each photo, for a caffenet: corners, middle, and all mirrored.")
    private boolean tenCrops;

    private @Nullable StudentIdentity identity;

    /** Which student was resolved last. */
    StudentIdentity identity() {
        return Objects.requireNonNull(identity, "no student was resolved");
    }

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

    /** Shows a student a benchmark, with progress on the terminal. */
    BenchmarkPredictions examine(Student student, Benchmark benchmark) throws UnusableStudentException {
        ProgressLine progress =
                new ProgressLine(benchmark.name(), benchmark.photos().size());
        try (BenchmarkRun examination =
                new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), threads(), batch())) {
            return examination.examine(student, benchmark, progress::advanced, () -> false);
        } finally {
            progress.clear();
        }
    }

    /** Reads and decodes a benchmark's photos into a folder, with progress on the terminal. */
    SquashedPhotos squashed(Benchmark benchmark, Pixels form, Path folder) throws IOException {
        ProgressLine progress = new ProgressLine(
                "reading " + benchmark.name(), benchmark.photos().size());
        try (BenchmarkRun examination =
                new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), threads(), batch())) {
            return SquashedPhotos.in(
                    folder,
                    form,
                    writer -> examination.squash(form, benchmark, writer, progress::advanced, () -> false));
        } finally {
            progress.clear();
        }
    }

    /** The device that students run on. */
    Device device() {
        Torch.threads(threads());
        try {
            return Torch.device(device);
        } catch (IllegalArgumentException e) {
            throw new SettingException("--device", device, String.valueOf(e.getMessage()));
        }
    }

    /** The number format of their computations. */
    Precision precision() {
        try {
            return Precision.named(precision);
        } catch (IllegalArgumentException e) {
            throw new SettingException("--precision", precision, "is auto, fp32 or bf16");
        }
    }

    /** Loads a student, passes it on, and frees it. */
    void use(String model, Use use) throws IOException, UnusableStudentException, BenchmarkException {
        useFolder(model, folder -> {
            try (Student student = load(model, folder)) {
                use.with(student);
            }
        });
    }

    /** What a command does with a student's folder. */
    @FunctionalInterface
    interface UseFolder {
        void with(Path folder) throws IOException, UnusableStudentException, BenchmarkException;
    }

    /** Resolves a student, passes its folder on, and deletes what was fetched. */
    void useFolder(String model, UseFolder use) throws IOException, UnusableStudentException, BenchmarkException {
        Path temporary = Files.createTempDirectory("murmuration-model-");
        try {
            ResolvedStudent resolved = new ModelNames(
                            CommandContext::store,
                            CommandContext.announcements(),
                            new CheckpointArchive(MAX_FILES, MAX_BYTES))
                    .resolved(model, temporary);
            identity = resolved.identity();
            use.with(resolved.folder());
        } finally {
            Folders.delete(temporary);
        }
    }

    /** The student of a folder; the caller closes it. */
    Student load(String model, Path folder) throws UnusableStudentException {
        try {
            return Student.load(folder, device(), precision(), tenCrops);
        } catch (IOException e) {
            throw new UnusableStudentException(model + " holds no student: " + e.getMessage());
        }
    }

    private static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new SettingException(option, value, "must be at least 1");
        }
        return value;
    }
}
