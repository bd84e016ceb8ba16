package dev.murmuration.evaluator.evaluation;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which photo is tested in which fold: every fold has each class in the proportion of the whole. The same folds, photo for photo,
 * as scikit-learn's {@code StratifiedKFold(folds, shuffle=True, random_state=seed)}, so that cross-validation is comparable with
 * what was published.
 */
final class StratifiedFolds {

    private StratifiedFolds() {}

    /**
     * The fold of each photo, from 0.
     *
     * @param labels in the order of the benchmark's index; the order in which classes first appear matters, as there
     * @param folds at least 2, and at most the photos of the rarest class
     * @param seed for example 42, as published
     * @throws IllegalArgumentException if a class has fewer photos than there are folds
     */
    static int[] of(List<Sentiment> labels, int folds, int seed) {
        Map<Sentiment, Integer> counts = new LinkedHashMap<>();
        labels.forEach(label -> counts.merge(label, 1, Integer::sum));
        int rarest = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        if (folds < 2 || rarest < folds) {
            throw new IllegalArgumentException(
                    "%d folds of %d photos whose rarest class has %d".formatted(folds, labels.size(), rarest));
        }
        MersenneTwister random = new MersenneTwister(seed);
        int[] foldOf = new int[labels.size()];
        int sorted = 0; // position among all labels, were they sorted by class
        for (Map.Entry<Sentiment, Integer> entry : counts.entrySet()) {
            int[] assigned = new int[entry.getValue()];
            for (int i = 0; i < assigned.length; i++) {
                assigned[i] = (sorted + i)
                        % folds; // dealt round robin over all classes, so that folds differ by one photo at most
            }
            sorted += assigned.length;
            Arrays.sort(assigned);
            random.shuffle(assigned);
            int taken = 0;
            for (int i = 0; i < foldOf.length; i++) {
                if (labels.get(i) == entry.getKey()) {
                    foldOf[i] = assigned[taken++];
                }
            }
        }
        return foldOf;
    }
}
