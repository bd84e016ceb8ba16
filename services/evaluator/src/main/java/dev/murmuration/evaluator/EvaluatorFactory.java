package dev.murmuration.evaluator;

import ai.djl.Device;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.Benchmarks;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.evaluation.PixelCache;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.CheckpointArchive;
import dev.murmuration.programs.Torch;
import dev.murmuration.stage.GpuSettings;
import dev.murmuration.stage.GpuUse;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.SettingProblems;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Precision;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.Liveness;

/**
 * Makes the parts of the evaluator from its settings, and rejects devices and folders that cannot be used by the name and value
 * of their setting.
 */
@ApplicationScoped
public class EvaluatorFactory {

    private static final String PREFIX = "evaluator.";

    private final EvaluatorSettings settings;
    private final BenchmarkLimits limits;
    private final Benchmarks benchmarks;
    private final ObjectStore store;
    private final BenchmarkRun examination;
    private final PixelCache cache;
    private final List<Protocol> protocols;
    private final Precision precision;
    private final int threads;
    private final GpuSettings gpu;
    private final GpuUse gpuUse;
    private Optional<CheckpointEvaluator> examiner = Optional.empty();

    @GuardedBy("this")
    private Optional<Device> device = Optional.empty();

    private Optional<WorkFolder> work = Optional.empty();

    @Inject
    EvaluatorFactory(EvaluatorSettings settings, ObjectStore store, GpuSettings gpu, GpuUse gpuUse) {
        this.settings = settings;
        this.store = store;
        this.gpu = gpu;
        this.gpuUse = gpuUse;
        this.limits = new BenchmarkLimits(settings.maxRows(), settings.maxIndexBytes(), settings.maxPhotoBytes());
        this.threads = settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors();
        this.protocols = settings.protocols().stream().distinct().toList();
        this.precision = settings.precision();
        this.cache = new PixelCache(settings.pixelCacheBytes());
        this.benchmarks = new Benchmarks(store, settings.benchmarks(), settings.labels(), limits);
        this.examination = new BenchmarkRun(limits, cache, threads, settings.batch());
    }

    /** Checks the device and the work folder, before the service waits for the platform and the channels open. */
    void check(@Observes @Priority(0) StartupEvent event) {
        if (gpu.tf32()) {
            Torch.allowTf32();
        }
        SettingProblems problems = new SettingProblems();
        if (gpu.required() || settings.device().startsWith("gpu")) {
            problems.attempt(this::device);
        }
        Path folder = settings.workFolder();
        work = problems.attempt(() -> emptied(folder));
        problems.throwIfAny();
        examiner = Optional.of(new CheckpointEvaluator(
                store,
                benchmarks,
                settings.keepResults() ? Optional.of(new ResultStore(store, this::precision)) : Optional.empty(),
                examination,
                cache,
                archive(),
                protocols,
                this::device,
                precision,
                folder,
                Clock.systemUTC()));
    }

    private static WorkFolder emptied(Path folder) {
        try {
            return new WorkFolder(folder);
        } catch (IOException e) {
            throw new SettingException(PREFIX + "work-folder", folder, "cannot be written: " + e);
        }
    }

    /** Available after {@link #check}. */
    CheckpointEvaluator examiner() {
        return examiner.orElseThrow();
    }

    /** Folder for temporary files. Available after {@link #check}. */
    public WorkFolder workFolder() {
        return work.orElseThrow();
    }

    /** The configured benchmarks. */
    Benchmarks benchmarks() {
        return benchmarks;
    }

    /** Unpacks checkpoints within the configured limits. */
    public CheckpointArchive archive() {
        return new CheckpointArchive(settings.maxModelFiles(), settings.maxModelBytes());
    }

    /** Number format of the students' computations: never {@link Precision#AUTO}, for which this loads libtorch. */
    public Precision precision() {
        return precision == Precision.AUTO ? precision.on(device()) : precision;
    }

    void stop(@Observes ShutdownEvent event) {
        examination.close();
    }

    /** Not alive if a checkpoint is being measured and nothing progresses. */
    @Produces
    @Singleton
    @Liveness
    static Heartbeat heartbeat(EvaluatorSettings settings) {
        return new Heartbeat("evaluation", settings.stuckAfter(), Clock.systemUTC());
    }

    /** Loads libtorch at the first call: it takes a second and 450 MB. */
    public synchronized Device device() {
        if (device.isEmpty()) {
            Torch.threads(threads);
            try {
                Device chosen = Torch.device(settings.device());
                gpuUse.report(PREFIX + "device", settings.device(), chosen.isGpu());
                device = Optional.of(chosen);
            } catch (IllegalArgumentException e) {
                throw new SettingException(PREFIX + "device", settings.device(), String.valueOf(e.getMessage()));
            }
        }
        return device.get();
    }
}
