package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.Tweet;
import java.util.Set;

/**
 * One of the data sets that are cut from the stream.
 *
 * @param name lower-case letters, digits and hyphens: it is part of object keys
 * @param thresholds what the probability of a class must exceed
 * @param balance whether it keeps its classes alike
 * @param origin which part of the stream it takes from
 * @param keepsRepeats whether it takes near duplicates of what it has
 */
public record DataSet(String name, Thresholds thresholds, Balance balance, Origin origin, boolean keepsRepeats) {

    /** Of these feeds and crawls, at any time; of all where none is named. Without near duplicates. */
    public DataSet(String name, Thresholds thresholds, Balance balance, Set<String> sources) {
        this(name, thresholds, balance, Origin.of(sources), false);
    }

    /** Whether the tweet is of its part of the stream. */
    boolean takesFrom(Tweet tweet) {
        return origin.has(tweet);
    }

    /** Whether the teacher is sure enough: strictly more than the threshold of the label. */
    boolean isSureOf(Confidence confidence) {
        return confidence.probability() > threshold(confidence.label());
    }

    private double threshold(Sentiment label) {
        return switch (label) {
            case negative -> thresholds.getNegative();
            case neutral -> thresholds.getNeutral();
            case positive -> thresholds.getPositive();
        };
    }
}
