package dev.murmuration.evaluator;

import ai.djl.Device;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.Benchmarks;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.evaluation.PixelCache;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.CheckpointArchive;
import dev.murmuration.programs.Torch;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.WorkFolder;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the evaluator of checkpoints from the settings, and rejects invalid ones. */
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
    private Optional<CheckpointEvaluator> examiner = Optional.empty();
    private Optional<Device> device = Optional.empty();
    private Optional<WorkFolder> work = Optional.empty();

    @Inject
    EvaluatorFactory(EvaluatorSettings settings, ObjectStore store) {
        this.settings = settings;
        this.store = store;
        this.limits = new BenchmarkLimits(
                positive("max-rows", settings.maxRows()),
                atMostAnArray("max-index-bytes", settings.maxIndexBytes()),
                atMostAnArray("max-photo-bytes", settings.maxPhotoBytes()));
        this.threads = settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors();
        this.protocols = protocols(settings.protocols());
        this.precision = precision(settings.precision());
        this.cache = new PixelCache(settings.pixelCacheBytes());
        this.benchmarks = new Benchmarks(store, settings.benchmarks(), schemes(settings.labels()), limits);
        this.examination = new BenchmarkRun(limits, cache, threads, positive("batch", settings.batch()));
    }

    /** Checks the device and the work folder, before the service waits for the platform and the channels open. */
    void check(@Observes @Priority(0) StartupEvent event) {
        String wanted = settings.device();
        if (!wanted.matches("auto|cpu|gpu\\d{0,3}")) {
            throw new SettingException(PREFIX + "device", wanted, "is cpu, gpu, gpu<number> or auto");
        }
        if (wanted.startsWith("gpu")) {
            device();
        }
        Path folder = settings.workFolder();
        try {
            work = Optional.of(new WorkFolder(folder));
        } catch (IOException e) {
            throw new SettingException(PREFIX + "work-folder", folder, "cannot be written: " + e);
        }
        examiner = Optional.of(new CheckpointEvaluator(
                store,
                benchmarks,
                settings.keepResults() ? Optional.of(new ResultStore(store, precision)) : Optional.empty(),
                examination,
                cache,
                archive(),
                protocols,
                this::device,
                precision,
                folder,
                Clock.systemUTC()));
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
        return new CheckpointArchive(positive("max-model-files", settings.maxModelFiles()), settings.maxModelBytes());
    }

    /** Number format of the students' computations. */
    public Precision precision() {
        return precision;
    }

    void stop(@Observes ShutdownEvent event) {
        examination.close();
    }

    @Produces
    @Singleton
    static Heartbeat heartbeat() {
        return new Heartbeat(Clock.systemUTC());
    }

    /** Loads libtorch at the first call: it takes a second and 450 MB. */
    public synchronized Device device() {
        if (device.isEmpty()) {
            Torch.threads(threads);
            try {
                device = Optional.of(Torch.device(settings.device()));
            } catch (IllegalArgumentException e) {
                throw new SettingException(PREFIX + "device", settings.device(), String.valueOf(e.getMessage()));
            }
        }
        return device.get();
    }

    private static List<Protocol> protocols(List<String> titles) {
        List<Protocol> protocols = new ArrayList<>();
        for (String title : titles) {
            protocols.add(Protocol.titled(title.strip())
                    .orElseThrow(() ->
                            new SettingException(PREFIX + "protocols", title, "is none of " + Protocol.titles())));
        }
        return protocols.stream().distinct().toList();
    }

    private static Map<String, LabelScheme> schemes(Map<String, String> labels) {
        Map<String, LabelScheme> schemes = new HashMap<>();
        labels.forEach((benchmark, title) -> schemes.put(
                benchmark,
                LabelScheme.titled(title)
                        .orElseThrow(() -> new SettingException(
                                PREFIX + "labels." + benchmark, title, "is none of " + LabelScheme.titles()))));
        return schemes;
    }

    private static Precision precision(String name) {
        try {
            return Precision.named(name);
        } catch (IllegalArgumentException e) {
            throw new SettingException(PREFIX + "precision", name, "is fp32 or bf16");
        }
    }

    private static int positive(String setting, int value) {
        if (value < 1) {
            throw new SettingException(PREFIX + setting, value, "must be at least 1");
        }
        return value;
    }

    private static long atMostAnArray(String setting, long bytes) {
        if (bytes < 1 || bytes > Integer.MAX_VALUE - 16) {
            throw new SettingException(PREFIX + setting, bytes, "must be at least 1 and less than 2 GiB");
        }
        return bytes;
    }
}
