package dev.murmuration.console.dataset;

import dev.murmuration.schemas.PerClass;

/**
 * A number for each class.
 *
 * @param negative its number
 * @param neutral likewise
 * @param positive likewise
 */
public record ClassCounts(long negative, long neutral, long positive) {

    static final ClassCounts NONE = new ClassCounts(0, 0, 0);

    static ClassCounts of(PerClass counts) {
        return new ClassCounts(counts.getNegative(), counts.getNeutral(), counts.getPositive());
    }

    ClassCounts plus(ClassCounts other, int sign) {
        return new ClassCounts(
                negative + sign * other.negative, neutral + sign * other.neutral, positive + sign * other.positive);
    }

    /** Of all classes. */
    public long sum() {
        return negative + neutral + positive;
    }

    /** The class with fewest, which a balanced data set waits for; empty where all have as many. */
    public String scarcest() {
        long fewest = Math.min(negative, Math.min(neutral, positive));
        if (fewest == Math.max(negative, Math.max(neutral, positive))) {
            return "";
        }
        return fewest == negative ? "negative" : fewest == neutral ? "neutral" : "positive";
    }
}
