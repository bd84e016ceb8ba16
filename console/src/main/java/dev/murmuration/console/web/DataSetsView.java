package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.dataset.ClassCounts;
import dev.murmuration.console.dataset.Confidences;
import dev.murmuration.console.dataset.DataSets;
import java.util.ArrayList;
import java.util.List;

/**
 * Data sets, and what thresholds make of the teacher's scores.
 *
 * @param datasets by name
 * @param negative the threshold that is tried
 * @param neutral likewise
 * @param positive likewise
 * @param taken photos that are surer than that, before near duplicates and balance
 * @param classes how sure the teacher was of each class
 */
public record DataSetsView(
        List<DataSets.DataSet> datasets,
        double negative,
        double neutral,
        double positive,
        ClassCounts taken,
        List<Histogram> classes) {

    /** Bars of a histogram: each is two per cent wide. */
    public static final int BARS = 50;

    private static final double HEIGHT = 60;

    /**
     * How sure the teacher was of one class.
     *
     * @param name of the class
     * @param threshold that is tried
     * @param counts photos for every two per cent of probability
     */
    public record Histogram(String name, double threshold, List<Long> counts) {

        /** Height of a bar, of 60 for the highest. */
        public double height(long count) {
            return HEIGHT
                    * count
                    / Math.max(
                            1, counts.stream().mapToLong(Long::longValue).max().orElse(1));
        }

        /** Where a bar begins from above. */
        public double top(long count) {
            return HEIGHT - height(count);
        }
    }

    static DataSetsView of(Console console, double negative, double neutral, double positive) {
        List<List<Long>> counts = console.confidences().histogram(BARS);
        double[] thresholds = {negative, neutral, positive};
        List<Histogram> classes = new ArrayList<>();
        for (int i = 0; i < thresholds.length; i++) {
            classes.add(new Histogram(Confidences.CLASSES.get(i), thresholds[i], counts.get(i)));
        }
        return new DataSetsView(
                console.datasets().all(),
                negative,
                neutral,
                positive,
                console.confidences().above(negative, neutral, positive),
                classes);
    }
}
