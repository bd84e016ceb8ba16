package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;

/** The class that the teacher holds most likely, and how likely. */
public record Confidence(Sentiment label, double probability) {

    /** The argmax of the scores; ties go to the first of negative, neutral, positive, as published. */
    public static Confidence of(Scores scores) {
        Confidence best = new Confidence(Sentiment.negative, scores.getNegative());
        if (scores.getNeutral() > best.probability) {
            best = new Confidence(Sentiment.neutral, scores.getNeutral());
        }
        if (scores.getPositive() > best.probability) {
            best = new Confidence(Sentiment.positive, scores.getPositive());
        }
        return best;
    }
}
