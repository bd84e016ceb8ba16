package dev.murmuration.evaluator;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.Benchmarks;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.evaluation.FineTuning;
import dev.murmuration.evaluator.evaluation.FineTuningRecipe;
import dev.murmuration.evaluator.evaluation.Fold;
import dev.murmuration.evaluator.evaluation.PixelCache;
import dev.murmuration.evaluator.evaluation.SquashedPhotos;
import dev.murmuration.evaluator.measure.Metrics;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.measure.Ranking;
import dev.murmuration.evaluator.model.CheckpointArchive;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Measures a checkpoint on every benchmark by every protocol. Earlier results come from the {@link ResultStore}. */
final class CheckpointEvaluator {

    private static final Logger LOG = Logger.getLogger(CheckpointEvaluator.class);
    private static final int NAMED_IN_LOG = 10;

    private final ObjectStore store;
    private final Benchmarks benchmarks;
    private final Optional<ResultStore> results;
    private final BenchmarkRun examination;
    private final PixelCache cache;
    private final CheckpointArchive archive;
    private final List<Protocol> protocols;
    private final Supplier<Device> device;
    private final Precision precision;
    private final Path workFolder;
    private final Clock clock;

    /**
     * Creates an evaluator without reading anything.
     *
     * @param results where results are stored; empty to store none
     * @param device evaluated when the first student is loaded, because that loads libtorch
     * @param workFolder holds checkpoints while they are measured; must exist
     */
    CheckpointEvaluator(
            ObjectStore store,
            Benchmarks benchmarks,
            Optional<ResultStore> results,
            BenchmarkRun examination,
            PixelCache cache,
            CheckpointArchive archive,
            List<Protocol> protocols,
            Supplier<Device> device,
            Precision precision,
            Path workFolder,
            Clock clock) {
        this.store = store;
        this.benchmarks = benchmarks;
        this.results = results;
        this.examination = examination;
        this.cache = cache;
        this.archive = archive;
        this.protocols = List.copyOf(protocols);
        this.device = device;
        this.precision = precision;
        this.workFolder = workFolder;
        this.clock = clock;
    }

    /** The outcome for a checkpoint. */
    sealed interface Verdict {

        /**
         * The checkpoint was measured.
         *
         * @param accuracies one for each benchmark and protocol
         * @param odd number of unreadable photos by benchmark, for those measured now
         */
        record Measured(List<Accuracy> accuracies, Map<String, Integer> odd) implements Verdict {}

        /** The checkpoint is missing, damaged, or not a student; {@code problem} goes to the dead letters. */
        record Unusable(String problem) implements Verdict {}
    }

    /**
     * Measures a checkpoint.
     *
     * @throws CancellationException if {@code stop} turns true
     */
    Verdict examine(Checkpoint checkpoint, BenchmarkRun.Listener listener, BooleanSupplier stop) {
        List<Benchmark> now = benchmarks.now();
        cache.retain(now.stream()
                .flatMap(benchmark -> benchmark.photos().stream())
                .flatMap(photo -> photo.sha256().stream())
                .collect(Collectors.toSet()));
        Map<Benchmark, Map<Protocol, Accuracy>> known = new LinkedHashMap<>();
        now.forEach(benchmark -> known.put(benchmark, known(checkpoint, benchmark)));
        Map<String, Integer> odd = new LinkedHashMap<>();
        boolean complete = known.entrySet().stream()
                .allMatch(entry -> entry.getValue().keySet().containsAll(measuring(entry.getKey())));
        if (!complete || now.isEmpty()) {
            try {
                withStudent(checkpoint, (student, model) -> {
                    for (Map.Entry<Benchmark, Map<Protocol, Accuracy>> entry : known.entrySet()) {
                        List<Protocol> missing = measuring(entry.getKey()).stream()
                                .filter(protocol -> !entry.getValue().containsKey(protocol))
                                .toList();
                        if (missing.stream().anyMatch(protocol -> !protocol.trains())) {
                            BenchmarkPredictions answers = examination.examine(student, entry.getKey(), listener, stop);
                            odd.put(entry.getKey().name(), answers.odd().size());
                            measure(checkpoint, answers, entry.getValue());
                        }
                        for (Protocol protocol :
                                missing.stream().filter(Protocol::trains).toList()) {
                            Trained trained = new Trained(model, student.pixels(), entry.getKey(), protocol);
                            tune(checkpoint, trained, listener, stop)
                                    .ifPresent(accuracy -> entry.getValue().put(protocol, accuracy));
                        }
                    }
                });
            } catch (UnusableStudentException e) {
                return new Verdict.Unusable(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot work in " + workFolder, e);
            }
        }
        return new Verdict.Measured(
                known.values().stream()
                        .flatMap(byProtocol -> byProtocol.values().stream())
                        .toList(),
                odd);
    }

    private List<Protocol> measuring(Benchmark benchmark) {
        return protocols.stream()
                .filter(protocol -> Fold.measurable(protocol, benchmark))
                .toList();
    }

    private Map<Protocol, Accuracy> known(Checkpoint checkpoint, Benchmark benchmark) {
        Map<Protocol, Accuracy> known = new EnumMap<>(Protocol.class);
        for (Protocol protocol : measuring(benchmark)) {
            results.flatMap(kept -> kept.get(checkpoint.getSha256(), benchmark.sha256(), protocol))
                    .ifPresent(accuracy -> known.put(protocol, restated(accuracy, checkpoint, benchmark)));
        }
        return known;
    }

    // A stored result for the same weights and benchmark bytes, under their current names. Avro's copying builder needs
    // every class from one loader.
    private static Accuracy restated(Accuracy measured, Checkpoint checkpoint, Benchmark benchmark) {
        return Accuracy.newBuilder()
                .setCheckpoint(checkpoint)
                .setBenchmark(benchmark.name())
                .setBenchmarkSha256(measured.getBenchmarkSha256())
                .setProtocol(measured.getProtocol())
                .setSamples(measured.getSamples())
                .setAccuracy(measured.getAccuracy())
                .setLow95(measured.getLow95())
                .setHigh95(measured.getHigh95())
                .setMacroF1(measured.getMacroF1())
                .setRocAuc(measured.getRocAuc())
                .setRocAucLow95(measured.getRocAucLow95())
                .setRocAucHigh95(measured.getRocAucHigh95())
                .setAveragePrecision(measured.getAveragePrecision())
                .setBalancedAccuracy(measured.getBalancedAccuracy())
                .setPerClass(measured.getPerClass())
                .setConfusion(measured.getConfusion())
                .setFold(measured.getFold())
                .setCreatedAt(measured.getCreatedAt())
                .build();
    }

    private void measure(Checkpoint checkpoint, BenchmarkPredictions answers, Map<Protocol, Accuracy> known) {
        Benchmark benchmark = answers.benchmark();
        answers.odd().stream()
                .limit(NAMED_IN_LOG)
                .forEach(odd ->
                        LOG.warnf("benchmark %s: %s not shown: %s", benchmark.name(), odd.path(), odd.problem()));
        if (!answers.odd().isEmpty()) {
            LOG.warnf(
                    "benchmark %s: %d of %d photos not shown",
                    benchmark.name(), answers.odd().size(), benchmark.photos().size());
        }
        for (Protocol protocol : measuring(benchmark)) {
            if (protocol.trains()) {
                continue;
            }
            Optional<Metrics> metrics = protocol.measure(answers.judged());
            if (metrics.isEmpty()) {
                LOG.warnf("benchmark %s: no photo could be shown for %s", benchmark.name(), protocol.title());
                continue;
            }
            Accuracy accuracy = accuracy(checkpoint, benchmark, protocol, metrics.get());
            known.put(protocol, accuracy);
            results.ifPresent(kept -> kept.put(accuracy, protocol));
        }
    }

    private record Trained(Path model, Pixels form, Benchmark benchmark, Protocol protocol) {}

    /** Runs all folds of a protocol that trains, and combines them to one accuracy over every test photo. */
    private Optional<Accuracy> tune(
            Checkpoint checkpoint, Trained trained, BenchmarkRun.Listener listener, BooleanSupplier stop)
            throws IOException, UnusableStudentException {
        Path work = Files.createTempDirectory(workFolder, "tuning-");
        try (SquashedPhotos photos = SquashedPhotos.in(
                work,
                trained.form(),
                writer -> examination.squash(trained.form(), trained.benchmark(), writer, listener, stop))) {
            FineTuning.Outcome outcome = new FineTuning(device.get(), precision, listener, stop)
                    .run(
                            trained.model(),
                            work,
                            trained.benchmark(),
                            photos,
                            trained.protocol(),
                            FineTuningRecipe.of(trained.protocol()));
            LOG.infof(
                    "benchmark %s: %s: accuracy %.4f +- %.4f over %d folds",
                    trained.benchmark().name(),
                    trained.protocol().title(),
                    outcome.mean(),
                    outcome.deviation(),
                    outcome.trials().size());
            Accuracy accuracy = accuracy(
                    checkpoint,
                    trained.benchmark(),
                    trained.protocol(),
                    trained.protocol().measure(outcome.judged()).orElseThrow());
            results.ifPresent(kept -> kept.put(accuracy, trained.protocol()));
            return Optional.of(accuracy);
        } catch (BenchmarkException e) {
            LOG.warnf(
                    "%s: not measured by %s", e.getMessage(), trained.protocol().title());
            return Optional.empty();
        } finally {
            Folders.delete(work);
        }
    }

    private Accuracy accuracy(Checkpoint checkpoint, Benchmark benchmark, Protocol protocol, Metrics metrics) {
        return Accuracy.newBuilder()
                .setCheckpoint(checkpoint)
                .setBenchmark(benchmark.name())
                .setBenchmarkSha256(benchmark.sha256())
                .setProtocol(protocol.title())
                .setSamples(metrics.samples())
                .setAccuracy(metrics.accuracy())
                .setLow95(metrics.interval().low())
                .setHigh95(metrics.interval().high())
                .setMacroF1(metrics.macroF1())
                .setRocAuc(ranked(metrics, Ranking::rocAuc))
                .setRocAucLow95(ranked(metrics, Ranking::low95))
                .setRocAucHigh95(ranked(metrics, Ranking::high95))
                .setAveragePrecision(ranked(metrics, Ranking::averagePrecision))
                .setBalancedAccuracy(metrics.balancedAccuracy())
                .setPerClass(metrics.perClass())
                .setConfusion(metrics.confusion())
                .setFold(null)
                .setCreatedAt(clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
                .build();
    }

    private static @Nullable Double ranked(Metrics metrics, Function<Ranking, Double> figure) {
        return metrics.ranking().map(figure).orElse(null);
    }

    @FunctionalInterface
    private interface Work {
        void with(Student student, Path model) throws IOException, UnusableStudentException;
    }

    private void withStudent(Checkpoint checkpoint, Work work) throws IOException, UnusableStudentException {
        Path folder = Files.createTempDirectory(workFolder, "checkpoint-");
        try {
            Path tar = folder.resolve("checkpoint.tar");
            found(checkpoint.getKey(), store.download(checkpoint.getKey(), checkpoint.getSha256(), tar));
            Path model = Files.createDirectory(folder.resolve("model"));
            found("model/ in " + checkpoint.getKey(), archive.unpackModel(tar, model));
            Files.delete(tar);
            try (Student student = load(checkpoint.getKey(), model)) {
                work.with(student, model);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private Student load(String key, Path model) throws UnusableStudentException {
        Device on = device.get();
        try {
            return Student.load(model, on, precision);
        } catch (EngineException e) { // from libtorch or the device: the next checkpoint would fail, too
            throw e;
        } catch (IOException | RuntimeException e) {
            String reason = FaultIsolation.reason(e).orElseThrow(() -> new IllegalStateException(e));
            throw new UnusableStudentException(
                    key + " does not contain a student: " + (e instanceof IOException ? e.getMessage() : reason));
        }
    }

    private static void found(String what, Fetched<Path> fetched) throws UnusableStudentException {
        switch (fetched) {
            case Fetched.Found<Path> found -> {}
            case Fetched.Missing<Path> missing -> throw new UnusableStudentException(what + " is missing");
            case Fetched.Damaged<Path>(String detail) ->
                throw new UnusableStudentException(what + " is damaged: " + detail);
        }
    }
}
