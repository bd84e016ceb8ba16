package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.ClassAccuracy;
import java.util.List;
import java.util.Optional;

/**
 * Metrics of a student on a benchmark by a protocol. Accuracy alone is misleading if one class dominates.
 *
 * @param samples photos measured; at least 1
 * @param accuracy share of them that got their label
 * @param interval Wilson's 95 % interval of the accuracy
 * @param macroF1 mean of the classes' F1, each class alike
 * @param ranking of positive against negative; empty where one of the two is absent
 * @param perClass in the order of the protocol's classes
 * @param confusion rows: truth; columns: prediction
 */
public record Metrics(
        long samples,
        double accuracy,
        WilsonInterval interval,
        double macroF1,
        Optional<Ranking> ranking,
        List<ClassAccuracy> perClass,
        List<List<Long>> confusion) {

    /** Computes the metrics from a confusion matrix. */
    static Metrics of(Confusion confusion, Optional<Ranking> ranking) {
        List<ClassAccuracy> perClass = confusion.perClass();
        return new Metrics(
                confusion.samples(),
                (double) confusion.hits() / confusion.samples(),
                WilsonInterval.wilson95(confusion.hits(), confusion.samples()),
                perClass.stream().mapToDouble(ClassAccuracy::getF1).average().orElseThrow(),
                ranking,
                perClass,
                confusion.rows());
    }

    /** Accuracy of always saying the most frequent class. */
    public double majority() {
        return perClass.stream().mapToDouble(ClassAccuracy::getSamples).max().orElseThrow() / samples;
    }

    /** Mean recall of the classes that occur, each alike; 1 over their number by chance. */
    public double balancedAccuracy() {
        return perClass.stream()
                .filter(each -> each.getSamples() > 0)
                .mapToDouble(ClassAccuracy::getRecall)
                .average()
                .orElseThrow();
    }
}
