package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkIndex;
import dev.murmuration.evaluator.benchmark.DuplicateGroups;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.schemas.Sentiment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * One round of training and testing: the rows of a benchmark that each part uses.
 *
 * @param name the number of the fold or the column of the split
 * @param training rows to train on
 * @param validation rows that select the best epoch; empty to take the last one
 * @param testing rows to measure
 */
public record Fold(String name, List<Integer> training, List<Integer> validation, List<Integer> testing) {

    private static final int FOLDS = 5;
    private static final int SEED = 42;

    /**
     * The folds of a protocol that trains.
     *
     * @throws BenchmarkException if the benchmark lacks the folds or splits that the protocol needs
     */
    public static List<Fold> of(Protocol protocol, Benchmark benchmark) throws BenchmarkException {
        try {
            return switch (protocol) {
                case K_FOLD -> folds(seeded(benchmark));
                case K_FOLD_GROUPED -> folds(grouped(benchmark));
                case K_FOLD_GIVEN -> folds(given(benchmark));
                case K_FOLD_GIVEN_GROUPED -> withoutCopies(folds(given(benchmark)), benchmark);
                case FINE_TUNE -> splits(benchmark);
                case FINE_TUNE_GROUPED -> withoutCopies(splits(benchmark), benchmark);
                case ZERO_SHOT, THREE_WAY -> throw new IllegalArgumentException(protocol.title() + " trains nothing");
            };
        } catch (IllegalArgumentException e) {
            throw new BenchmarkException(benchmark.name(), protocol.title() + ": " + e.getMessage());
        }
    }

    /** Whether a protocol yields figures on a benchmark: its labels must allow that, and a protocol that trains needs folds or splits. */
    public static boolean measurable(Protocol protocol, Benchmark benchmark) {
        if (!protocol.trains()) {
            return protocol.measures(benchmark.labels());
        }
        try {
            return !of(protocol, benchmark).isEmpty();
        } catch (BenchmarkException e) {
            return false;
        }
    }

    /** The fold of each row; neutral photos have none. */
    private static Map<Integer, Integer> seeded(Benchmark benchmark) {
        List<Integer> rows = polar(benchmark);
        return assigned(rows, StratifiedFolds.of(labels(benchmark, rows), FOLDS, SEED));
    }

    /** Assigns each photo by its first row; duplicates go to the same fold. */
    private static Map<Integer, Integer> grouped(Benchmark benchmark) {
        int[] first = DuplicateGroups.of(benchmark.photos()).first();
        Map<Integer, Integer> representatives = new TreeMap<>();
        polar(benchmark).forEach(row -> representatives.putIfAbsent(first[row], row));
        List<Integer> rows = representatives.values().stream().sorted().toList();
        Map<Integer, Integer> dealt = assigned(rows, StratifiedFolds.of(labels(benchmark, rows), FOLDS, SEED));
        Map<Integer, Integer> foldOf = new TreeMap<>();
        polar(benchmark)
                .forEach(row -> foldOf.put(row, Objects.requireNonNull(dealt.get(representatives.get(first[row])))));
        return foldOf;
    }

    private static Map<Integer, Integer> given(Benchmark benchmark) {
        Map<Integer, Integer> foldOf = new TreeMap<>();
        for (int row : polar(benchmark)) {
            String fold = benchmark.photos().get(row).splits().getOrDefault(BenchmarkIndex.FOLD, "");
            if (!fold.matches("\\d{1,4}")) {
                throw new IllegalArgumentException("%s has fold '%s'; %s needs a column %s with a number in each row"
                        .formatted(benchmark.photos().get(row).path(), fold, BenchmarkIndex.FILE, BenchmarkIndex.FOLD));
            }
            foldOf.put(row, Integer.valueOf(fold));
        }
        return foldOf;
    }

    private static List<Fold> folds(Map<Integer, Integer> foldOf) {
        Set<Integer> folds = new TreeSet<>(foldOf.values());
        if (folds.size() < 2) {
            throw new IllegalArgumentException("there is only fold " + folds);
        }
        List<Fold> trials = new ArrayList<>();
        for (int fold : folds) {
            trials.add(new Fold(
                    String.valueOf(fold),
                    rows(foldOf, row -> Objects.requireNonNull(foldOf.get(row)) != fold),
                    List.of(),
                    rows(foldOf, row -> Objects.requireNonNull(foldOf.get(row)) == fold)));
        }
        return trials;
    }

    private static List<Fold> splits(Benchmark benchmark) {
        Set<String> columns = new TreeSet<>();
        benchmark.photos().forEach(photo -> columns.addAll(photo.splits().keySet()));
        columns.remove(BenchmarkIndex.FOLD);
        List<Fold> trials = new ArrayList<>();
        for (String column : columns) {
            trials.add(new Fold(
                    column,
                    part(benchmark, column, "train"),
                    part(benchmark, column, "validation"),
                    part(benchmark, column, "test")));
        }
        if (trials.isEmpty()
                || trials.stream()
                        .anyMatch(trial ->
                                trial.training.isEmpty() || trial.validation.isEmpty() || trial.testing.isEmpty())) {
            throw new IllegalArgumentException(BenchmarkIndex.FILE
                    + " needs columns split1, split2, ... that say train, validation or test, each at least once");
        }
        return trials;
    }

    private static List<Integer> part(Benchmark benchmark, String column, String part) {
        return polar(benchmark).stream()
                .filter(row -> part.equals(benchmark.photos().get(row).splits().get(column)))
                .toList();
    }

    /** Removes training photos with a duplicate in testing or validation, and validation photos with a duplicate in testing. */
    private static List<Fold> withoutCopies(List<Fold> trials, Benchmark benchmark) {
        int[] first = DuplicateGroups.of(benchmark.photos()).first();
        List<Fold> clean = new ArrayList<>();
        for (Fold trial : trials) {
            Set<Integer> tested =
                    new HashSet<>(trial.testing.stream().map(row -> first[row]).toList());
            List<Integer> validation = trial.validation.stream()
                    .filter(row -> !tested.contains(first[row]))
                    .toList();
            Set<Integer> held = new HashSet<>(tested);
            validation.forEach(row -> held.add(first[row]));
            clean.add(new Fold(
                    trial.name,
                    trial.training.stream()
                            .filter(row -> !held.contains(first[row]))
                            .toList(),
                    validation,
                    trial.testing));
        }
        return clean;
    }

    private static List<Integer> polar(Benchmark benchmark) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < benchmark.photos().size(); row++) {
            if (benchmark.photos().get(row).label() != Sentiment.neutral) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Sentiment> labels(Benchmark benchmark, List<Integer> rows) {
        return rows.stream().map(row -> benchmark.photos().get(row).label()).toList();
    }

    private static Map<Integer, Integer> assigned(List<Integer> rows, int[] folds) {
        Map<Integer, Integer> assigned = new TreeMap<>();
        for (int i = 0; i < folds.length; i++) {
            assigned.put(rows.get(i), folds[i]);
        }
        return assigned;
    }

    private static List<Integer> rows(Map<Integer, Integer> foldOf, IntPredicate wanted) {
        return foldOf.keySet().stream().filter(wanted::test).toList();
    }
}
