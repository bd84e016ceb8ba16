package dev.murmuration.filter;

import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Thresholds;
import java.util.Set;

/**
 * One of the data sets that are cut from the stream.
 *
 * @param name lower-case letters, digits and hyphens: it is part of object keys
 * @param thresholds what the probability of a class must exceed
 * @param balance whether it keeps its classes alike
 * @param sources the feeds it takes from; empty: every feed
 */
record DataSet(String name, Thresholds thresholds, Balance balance, Set<String> sources) {

    /** Whether the teacher is sure enough: strictly more than the threshold of the label. */
    boolean isSureOf(String source, Confidence confidence) {
        return (sources.isEmpty() || sources.contains(source))
                && confidence.probability() > threshold(confidence.label());
    }

    private double threshold(Sentiment label) {
        return switch (label) {
            case negative -> thresholds.getNegative();
            case neutral -> thresholds.getNeutral();
            case positive -> thresholds.getPositive();
        };
    }
}
