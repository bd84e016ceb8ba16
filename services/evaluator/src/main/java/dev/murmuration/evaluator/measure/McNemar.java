package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;
import java.util.List;

/**
 * McNemar's exact test of whether two students differ on a benchmark (Psychometrika 12, 1947): only photos that exactly one of
 * them got right count, and under the null hypothesis each of these is a coin toss.
 *
 * @param onlyFirst photos that only the first student got right
 * @param onlySecond photos that only the second got right
 * @param pValue of the exact two-sided binomial test
 * @param samples all photos that were compared
 */
public record McNemar(long onlyFirst, long onlySecond, double pValue, long samples) {

    /** Tests these counts. */
    static McNemar of(long onlyFirst, long onlySecond) {
        return of(onlyFirst, onlySecond, onlyFirst + onlySecond);
    }

    private static McNemar of(long onlyFirst, long onlySecond, long samples) {
        return new McNemar(
                onlyFirst,
                onlySecond,
                Math.min(1, 2 * lowerTail(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond)),
                samples);
    }

    /** By how much the second is more often right. */
    public PairedDifference difference() {
        return PairedDifference.of(onlyFirst, onlySecond, samples);
    }

    /**
     * Tests the predictions of two students for the same photos.
     *
     * @param first one for each photo
     * @param second for the same photos in the same order
     */
    public static McNemar of(List<LabelledPrediction> first, List<LabelledPrediction> second, Protocol protocol) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(first.size() + " and " + second.size() + " photos");
        }
        long onlyFirst = 0;
        long onlySecond = 0;
        long samples = 0;
        for (int i = 0; i < first.size(); i++) {
            Sentiment truth = first.get(i).truth();
            if (!protocol.asksFor(truth)) {
                continue;
            }
            samples++;
            boolean firstRight = protocol.verdict(first.get(i).prediction()) == truth;
            boolean secondRight = protocol.verdict(second.get(i).prediction()) == truth;
            onlyFirst += firstRight && !secondRight ? 1 : 0;
            onlySecond += secondRight && !firstRight ? 1 : 0;
        }
        return of(onlyFirst, onlySecond, samples);
    }

    /** P(X <= k) of n tosses of a fair coin; in logarithms, since 2 to the n is too large from 1,024 tosses on. */
    private static double lowerTail(long k, long n) {
        double logChoose = 0; // of n over 0
        double sum = Math.exp(-n * Math.log(2));
        for (long i = 1; i <= k; i++) {
            logChoose += Math.log((double) (n - i + 1) / i);
            sum += Math.exp(logChoose - n * Math.log(2));
        }
        return sum;
    }
}
