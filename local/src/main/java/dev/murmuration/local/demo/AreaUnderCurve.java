package dev.murmuration.local.demo;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.schemas.Sentiment;
import java.util.Optional;

/**
 * Area under the ROC curve of positive against negative, with the 95 % interval of Hanley and McNeil ("The Meaning and Use of the Area under a Receiver Operating
 * Characteristic (ROC) Curve", Radiology 143, 1982).
 *
 * @param value of the evaluator
 * @param low95 lower end of the interval, at least 0
 * @param high95 upper end, at most 1
 */
record AreaUnderCurve(double value, double low95, double high95) {

    private static final double OF_95 = 1.959964;

    /** The area of an accuracy; empty where one of the two classes was absent. */
    static Optional<AreaUnderCurve> of(Accuracy accuracy) {
        Double area = accuracy.getRocAuc();
        long positives = samples(accuracy, Sentiment.positive);
        long negatives = samples(accuracy, Sentiment.negative);
        if (area == null || positives == 0 || negatives == 0) {
            return Optional.empty();
        }
        double square = area * area;
        double error = Math.sqrt((area * (1 - area)
                        + (positives - 1) * (area / (2 - area) - square)
                        + (negatives - 1) * (2 * square / (1 + area) - square))
                / ((double) positives * negatives));
        return Optional.of(
                new AreaUnderCurve(area, Math.max(0, area - OF_95 * error), Math.min(1, area + OF_95 * error)));
    }

    private static long samples(Accuracy accuracy, Sentiment label) {
        return accuracy.getPerClass().stream()
                .filter(each -> each.getLabel() == label)
                .mapToLong(ClassAccuracy::getSamples)
                .sum();
    }
}
