package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.store.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The benchmarks that checkpoints are measured on. Every checkpoint looks for them again, because a benchmark may be added while
 * the service runs; a benchmark is read again only if its listing has changed.
 */
public final class Benchmarks {

    private static final Logger LOG = Logger.getLogger(Benchmarks.class);
    private static final int NAMED_IN_LOG = 10;

    private final ObjectStore store;
    private final Optional<List<String>> wanted;
    private final Map<String, LabelScheme> schemes;
    private final BenchmarkLimits limits;
    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(String state, Benchmark benchmark) {}

    /** The last state of a benchmark, for the health check. */
    private final Map<String, String> findings = new ConcurrentHashMap<>();

    /**
     * Creates the list without reading anything.
     *
     * @param wanted names in the store, or folders (with a slash); empty: every benchmark that the store has
     * @param schemes by benchmark name; others are {@link LabelScheme#AUTO}
     */
    public Benchmarks(
            ObjectStore store,
            Optional<List<String>> wanted,
            Map<String, LabelScheme> schemes,
            BenchmarkLimits limits) {
        this.store = store;
        this.wanted = wanted;
        this.schemes = Map.copyOf(schemes);
        this.limits = limits;
    }

    /** The usable benchmarks. The log and {@link #findings()} name the others, and the next call tries them again. */
    public List<Benchmark> now() {
        List<Benchmark> now = new ArrayList<>();
        for (BenchmarkFiles files : wanted()) {
            try {
                Benchmark benchmark = open(files);
                findings.put(files.name(), told(benchmark));
                now.add(benchmark);
            } catch (BenchmarkException e) {
                opened.remove(files.name());
                if (!String.valueOf(e.getMessage())
                        .equals(findings.put(files.name(), String.valueOf(e.getMessage())))) {
                    LOG.warnf("%s: not measured; looked for again at the next checkpoint", e.getMessage());
                }
            }
        }
        if (now.isEmpty()) {
            LOG.warn(
                    "no benchmark to measure on: put one under benchmarks/ in the object store or set evaluator.benchmarks");
        }
        return now;
    }

    /** One line per benchmark. */
    public Map<String, String> findings() {
        return new TreeMap<>(findings);
    }

    private List<BenchmarkFiles> wanted() {
        return wanted.orElseGet(() -> BenchmarkPrefix.names(store)).stream()
                .map(name -> files(() -> store, name))
                .toList();
    }

    /** The files of a benchmark: a folder if there is a slash in it, else a name in the store. */
    public static BenchmarkFiles files(Supplier<ObjectStore> store, String name) {
        return name.contains("/") ? new BenchmarkFolder(Path.of(name)) : new BenchmarkPrefix(store.get(), name);
    }

    private Benchmark open(BenchmarkFiles files) throws BenchmarkException {
        String state = files.state();
        Opened before = opened.get(files.name());
        if (before != null && before.state().equals(state)) {
            return before.benchmark();
        }
        Benchmark benchmark = Benchmark.open(files, schemes.getOrDefault(files.name(), LabelScheme.AUTO), limits);
        opened.put(files.name(), new Opened(state, benchmark));
        LOG.infof("benchmark %s", told(benchmark));
        benchmark.warnings().forEach(warning -> LOG.warnf("benchmark %s: %s", files.name(), warning));
        List<Benchmark.Photo> unreadable = benchmark.photos().stream()
                .filter(photo -> photo.sha256().isEmpty())
                .toList();
        unreadable.stream()
                .limit(NAMED_IN_LOG)
                .forEach(photo -> LOG.warnf("benchmark %s: %s: %s", files.name(), photo.path(), photo.problem()));
        if (unreadable.size() > NAMED_IN_LOG) {
            LOG.warnf("benchmark %s: %d more photos cannot be read", files.name(), unreadable.size() - NAMED_IN_LOG);
        }
        return benchmark;
    }

    private static String told(Benchmark benchmark) {
        long unreadable = benchmark.photos().stream()
                .filter(photo -> photo.sha256().isEmpty())
                .count();
        return "%s: %d photos, %d unreadable, %d repeated, sha256 %s, %s"
                .formatted(
                        benchmark.name(),
                        benchmark.photos().size(),
                        unreadable,
                        benchmark.repeated(),
                        benchmark.sha256(),
                        benchmark.files().place());
    }
}
