package dev.murmuration.filter.precision;

import dev.murmuration.schemas.Sentiment;
import java.util.Map;

/**
 * The precision of a whole data set, of which the same number of samples of each class was judged: each class weighs as much as it
 * has samples.
 *
 * @param value from 0 to 1
 * @param low lower end of the 95 % interval
 * @param high upper end
 */
public record PooledPrecision(double value, double low, double high) {

    /**
     * The interval joins Wilson's of the classes by the square roots of their weighted squares (MOVER; Zou and Donner, Statistics in
     * Medicine 27, 2008).
     *
     * @param precisions of the classes that were judged; at least one
     * @param samples how many samples of each class there are
     */
    public static PooledPrecision of(Map<Sentiment, Precision> precisions, Map<Sentiment, Long> samples) {
        double all = precisions.keySet().stream()
                .mapToLong(label -> samples.getOrDefault(label, 0L))
                .sum();
        double value = 0;
        double below = 0;
        double above = 0;
        for (Map.Entry<Sentiment, Precision> each : precisions.entrySet()) {
            double weight = samples.getOrDefault(each.getKey(), 0L) / all;
            Precision precision = each.getValue();
            value += weight * precision.value();
            below += square(weight * (precision.value() - precision.low()));
            above += square(weight * (precision.high() - precision.value()));
        }
        return new PooledPrecision(value, value - Math.sqrt(below), value + Math.sqrt(above));
    }

    private static double square(double number) {
        return number * number;
    }
}
