package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.schemas.Sentiment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Confusion matrix: rows are the truth, columns the prediction, both in the order of {@link #classes()}. */
final class Confusion {

    private final List<Sentiment> classes;
    private final long[][] counts;

    /** An empty matrix over these classes. */
    Confusion(List<Sentiment> classes) {
        this.classes = List.copyOf(classes);
        this.counts = new long[classes.size()][classes.size()];
    }

    /** Counts photos by their true and predicted class. */
    Confusion add(Sentiment truth, Sentiment predicted, long photos) {
        counts[indexOf(truth)][indexOf(predicted)] += photos;
        return this;
    }

    List<Sentiment> classes() {
        return classes;
    }

    long samples() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** Number of correct predictions. */
    long hits() {
        long hits = 0;
        for (int i = 0; i < counts.length; i++) {
            hits += counts[i][i];
        }
        return hits;
    }

    /** Precision, recall and F1 of each class; 0 where a quotient has no denominator, as scikit-learn's {@code zero_division=0}. */
    List<ClassAccuracy> perClass() {
        List<ClassAccuracy> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            long hits = counts[i][i];
            long truly = Arrays.stream(counts[i]).sum();
            int column = i;
            long taken = Arrays.stream(counts).mapToLong(row -> row[column]).sum();
            all.add(new ClassAccuracy(
                    classes.get(i),
                    truly,
                    quotient(hits, taken),
                    quotient(hits, truly),
                    quotient(2 * hits, truly + taken)));
        }
        return all;
    }

    /** The counts, row by row. */
    List<List<Long>> rows() {
        return Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
    }

    private int indexOf(Sentiment label) {
        int index = classes.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException(label + " is not one of " + classes);
        }
        return index;
    }

    private static double quotient(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
