package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;

/**
 * The predicted probabilities of the three classes for one photo.
 *
 * @param negative in [0, 1]; the three sum to 1 but for rounding
 * @param neutral in [0, 1]
 * @param positive in [0, 1]
 */
public record Prediction(double negative, double neutral, double positive) {

    /** Checks that all three are in [0, 1]. */
    public Prediction {
        if (!isProbability(negative) || !isProbability(neutral) || !isProbability(positive)) {
            throw new IllegalArgumentException("Not probabilities: " + negative + ", " + neutral + ", " + positive);
        }
    }

    /** The most probable of the three classes; ties in the order negative, neutral, positive. */
    public Sentiment mostProbable() {
        if (negative >= neutral && negative >= positive) {
            return Sentiment.negative;
        }
        return neutral >= positive ? Sentiment.neutral : Sentiment.positive;
    }

    /** The more probable of negative and positive with the neutral column dropped, as published; ties are negative. */
    public Sentiment withoutNeutral() {
        return negative >= positive ? Sentiment.negative : Sentiment.positive;
    }

    /** The probability of one class. */
    public double of(Sentiment label) {
        return switch (label) {
            case negative -> negative;
            case neutral -> neutral;
            case positive -> positive;
        };
    }

    /** How positive against negative, in [0, 1]: p(positive) / (p(negative) + p(positive)); one half where both are 0. */
    double positivity() {
        double either = negative + positive;
        return either == 0 ? 0.5 : positive / either;
    }

    private static boolean isProbability(double value) {
        return value >= 0 && value <= 1.000_01; // NaN fails both; fp32 softmax may exceed 1 by its last digit
    }
}
