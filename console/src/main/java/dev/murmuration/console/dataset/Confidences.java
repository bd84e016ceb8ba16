package dev.murmuration.console.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How sure the teacher was of each photo's label: the number of photos for every probability that there can be, since scores have four
 * decimals. So what other thresholds would take is counted exactly, before near duplicates and balance. Safe for use by several threads.
 */
public final class Confidences {

    private static final int STEPS = 10_000;
    private static final double ROUNDING = 1e-6;

    /** The classes in the order of the scores. */
    public static final List<String> CLASSES = List.of("negative", "neutral", "positive");

    private final long[][] photos = new long[CLASSES.size()][STEPS + 1];

    /** Counts photos of one tweet, or takes them away where {@code count} is negative. */
    public synchronized void add(double negative, double neutral, double positive, int count) {
        int label = neutral > negative ? 1 : 0;
        double highest = Math.max(negative, neutral);
        if (positive > highest) {
            label = 2;
            highest = positive;
        }
        int step = Math.clamp(Math.round(highest * STEPS), 0, STEPS);
        photos[label][step] = Math.max(0, photos[label][step] + count);
    }

    /** Photos whose label is sure by more than its threshold. */
    public synchronized ClassCounts above(double negative, double neutral, double positive) {
        return new ClassCounts(above(0, negative), above(1, neutral), above(2, positive));
    }

    private long above(int label, double threshold) {
        long sum = 0;
        int first = Math.clamp((long) Math.floor(threshold * STEPS + ROUNDING) + 1, 0, STEPS + 1);
        for (int step = first; step <= STEPS; step++) {
            sum += photos[label][step];
        }
        return sum;
    }

    /** Number of photos of each class in {@code bars} bins of equal width, from probability 0 to 1. */
    public synchronized List<List<Long>> histogram(int bars) {
        List<List<Long>> histogram = new ArrayList<>();
        for (long[] counts : photos) {
            long[] bar = new long[bars];
            for (int step = 0; step <= STEPS; step++) {
                bar[Math.min(bars - 1, (int) ((long) step * bars / STEPS))] += counts[step];
            }
            histogram.add(Arrays.stream(bar).boxed().toList());
        }
        return histogram;
    }
}
