package dev.murmuration.evaluator.map;

import dev.murmuration.schemas.Sentiment;
import java.util.Locale;

/**
 * What a student says of a photo.
 *
 * @param negative its probability
 * @param neutral likewise
 * @param positive likewise
 */
public record Verdict(double negative, double neutral, double positive) {

    /** The class that {@code predict} names; of equal ones the first. */
    public Sentiment mostProbable() {
        if (negative >= neutral && negative >= positive) {
            return Sentiment.negative;
        }
        return neutral >= positive ? Sentiment.neutral : Sentiment.positive;
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s (negative %.1f %%, neutral %.1f %%, positive %.1f %%)",
                mostProbable(),
                100 * negative,
                100 * neutral,
                100 * positive);
    }
}
