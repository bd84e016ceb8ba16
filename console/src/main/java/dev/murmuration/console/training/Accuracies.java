package dev.murmuration.console.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Accuracy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Accuracies by benchmark and protocol. Safe for use by several threads. */
public final class Accuracies implements EventListener<Accuracy> {

    /** Pairs of benchmark and protocol that are told apart. */
    public static final int MAX_BENCHMARKS = 200;

    /** Measurements of one of them that are remembered, the newest ones. */
    public static final int MAX_MEASURED = 2000;

    /**
     * A checkpoint on a benchmark.
     *
     * @param run of the checkpoint
     * @param step of the checkpoint
     * @param samples photos of the benchmark
     * @param accuracy the share of them that it got right
     * @param low95 Wilson score interval
     * @param high95 likewise
     * @param macroF1 mean of the classes' F1
     * @param rocAuc of positive against negative; null where a class is absent
     * @param confusion rows: truth, columns: prediction
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Measured(
            String run,
            long step,
            long samples,
            double accuracy,
            double low95,
            double high95,
            double macroF1,
            @Nullable Double rocAuc,
            List<List<Long>> confusion) {}

    /**
     * All that was measured on a benchmark by a protocol.
     *
     * @param benchmark its name
     * @param protocol how a verdict follows from probabilities
     * @param majority accuracy of always saying the most frequent class
     * @param chance accuracy of guessing
     * @param measured in the order of the topic
     */
    public record Benchmark(
            String benchmark, String protocol, double majority, double chance, List<Measured> measured) {

        /** The newest measurement. */
        public Measured last() {
            return measured.getLast();
        }

        /** The classes of the confusion's rows and columns. */
        public List<String> classes() {
            return last().confusion().size() == 2
                    ? List.of("negative", "positive")
                    : List.of("negative", "neutral", "positive");
        }
    }

    private record Key(String benchmark, String protocol) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byBenchmark = benchmark.compareTo(other.benchmark);
            return byBenchmark == 0 ? protocol.compareTo(other.protocol) : byBenchmark;
        }
    }

    private final Map<Key, Deque<Measured>> benchmarks = new TreeMap<>();

    @Override
    public synchronized void event(Accuracy accuracy, Position position) {
        Key key = new Key(accuracy.getBenchmark(), accuracy.getProtocol());
        // Folds are parts of one measurement, each with its own event.
        if (accuracy.getFold() != null || (!benchmarks.containsKey(key) && benchmarks.size() >= MAX_BENCHMARKS)) {
            return;
        }
        Deque<Measured> measured = benchmarks.computeIfAbsent(key, fresh -> new ArrayDeque<>());
        measured.addLast(new Measured(
                accuracy.getCheckpoint().getRun(),
                accuracy.getCheckpoint().getStep(),
                accuracy.getSamples(),
                accuracy.getAccuracy(),
                accuracy.getLow95(),
                accuracy.getHigh95(),
                accuracy.getMacroF1(),
                accuracy.getRocAuc(),
                List.copyOf(accuracy.getConfusion())));
        if (measured.size() > MAX_MEASURED) {
            measured.removeFirst();
        }
    }

    /** All of them, by benchmark and protocol. */
    public synchronized List<Benchmark> all() {
        return benchmarks.entrySet().stream()
                .map(entry -> benchmark(entry.getKey(), new ArrayList<>(entry.getValue())))
                .toList();
    }

    private static Benchmark benchmark(Key key, List<Measured> measured) {
        List<List<Long>> confusion = measured.getLast().confusion();
        long all = 0;
        long most = 0;
        for (List<Long> truth : confusion) {
            long row = truth.stream().mapToLong(Long::longValue).sum();
            all += row;
            most = Math.max(most, row);
        }
        return new Benchmark(
                key.benchmark(),
                key.protocol(),
                all == 0 ? 0 : (double) most / all,
                confusion.isEmpty() ? 0 : 1.0 / confusion.size(),
                measured);
    }
}
