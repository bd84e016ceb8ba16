package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Area under the receiver operating characteristic of positive against negative: the probability that a positive photo gets a higher score than a
 * negative one, ties counted half (Mann and Whitney's U over the number of pairs; T. Fawcett, Pattern Recognition Letters 27, 2006).
 */
final class RocAuc {

    private RocAuc() {}

    /** Computed over the photos labelled negative or positive, scored by {@link Prediction#positivity()}; empty if one of the two is absent. */
    static OptionalDouble of(List<LabelledPrediction> judged) {
        List<LabelledPrediction> rising = judged.stream()
                .filter(photo -> photo.truth() != Sentiment.neutral)
                .sorted(Comparator.comparingDouble(photo -> photo.prediction().positivity()))
                .toList();
        long positives = 0;
        double wins = 0;
        long negativesBelow = 0;
        for (int from = 0; from < rising.size(); ) {
            double score = rising.get(from).prediction().positivity();
            long tiedPositives = 0;
            int to = from;
            while (to < rising.size() && rising.get(to).prediction().positivity() == score) {
                tiedPositives += rising.get(to++).truth() == Sentiment.positive ? 1 : 0;
            }
            long tiedNegatives = to - from - tiedPositives;
            wins += tiedPositives * (negativesBelow + tiedNegatives / 2.0);
            negativesBelow += tiedNegatives;
            positives += tiedPositives;
            from = to;
        }
        return positives == 0 || negativesBelow == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(wins / ((double) positives * negativesBelow));
    }
}
