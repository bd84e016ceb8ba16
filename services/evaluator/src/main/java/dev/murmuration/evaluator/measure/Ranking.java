package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * How well a student ranks positive photos above negative ones, whatever the threshold: what accuracy hides where one class is
 * frequent. Photos are ranked by {@link Prediction#positivity()}; ties count half.
 *
 * @param rocAuc area under the receiver operating characteristic: the probability that a positive photo is above a negative one
 *     (T. Fawcett, Pattern Recognition Letters 27, 2006); .5 by chance
 * @param low95 lower end of its 95 % interval: percentiles of {@value #RESAMPLES} bootstrap samples of the photos (Efron and
 *     Tibshirani 1993, chapter 13)
 * @param high95 upper end
 * @param averagePrecision mean of the precisions at the positive photos, as scikit-learn defines it; the share of positives by chance
 */
public record Ranking(double rocAuc, double low95, double high95, double averagePrecision) {

    private static final int RESAMPLES = 1000;
    private static final long SEED = 1;
    private static final double TAIL = .025;

    /** Of the photos labelled negative or positive; empty if one of the two is absent. The same photos always give the same bits. */
    static Optional<Ranking> of(List<LabelledPrediction> judged) {
        List<LabelledPrediction> rising = judged.stream()
                .filter(photo -> photo.truth() != Sentiment.neutral)
                .sorted(Comparator.comparingDouble(photo -> photo.prediction().positivity()))
                .toList();
        Ranks ranks = new Ranks(rising);
        int[] once = new int[rising.size()];
        Arrays.fill(once, 1);
        double area = ranks.area(once);
        if (Double.isNaN(area)) {
            return Optional.empty();
        }
        double[] areas = ranks.resampled();
        return Optional.of(new Ranking(
                area,
                areas[(int) Math.floor(TAIL * areas.length)],
                areas[(int) Math.ceil((1 - TAIL) * areas.length) - 1],
                ranks.averagePrecision()));
    }

    /** Photos by rising score; equal scores are one group. */
    private static final class Ranks {

        private final boolean[] positive;
        private final int[] groupEnd; // Of the group that begins here; else 0.

        Ranks(List<LabelledPrediction> rising) {
            positive = new boolean[rising.size()];
            groupEnd = new int[rising.size()];
            int begin = 0;
            for (int i = 0; i < positive.length; i++) {
                positive[i] = rising.get(i).truth() == Sentiment.positive;
                if (rising.get(i).prediction().positivity()
                        != rising.get(begin).prediction().positivity()) {
                    begin = i;
                }
                groupEnd[begin] = i + 1;
            }
        }

        /** Mann and Whitney's U over the number of pairs, each photo counted as often as said; not a number without a pair. */
        double area(int[] times) {
            long positives = 0;
            long negatives = 0;
            double wins = 0;
            for (int from = 0; from < positive.length; from = groupEnd[from]) {
                long tiedPositives = 0;
                long tied = 0;
                for (int i = from; i < groupEnd[from]; i++) {
                    tied += times[i];
                    tiedPositives += positive[i] ? times[i] : 0;
                }
                long tiedNegatives = tied - tiedPositives;
                wins += tiedPositives * (negatives + tiedNegatives / 2.0);
                negatives += tiedNegatives;
                positives += tiedPositives;
            }
            return wins / ((double) positives * negatives);
        }

        /** Areas of bootstrap samples, rising; a sample of one class alone is drawn anew. */
        double[] resampled() {
            Random random = new Random(SEED);
            double[] areas = new double[RESAMPLES];
            int[] times = new int[positive.length];
            for (int sample = 0; sample < RESAMPLES; sample++) {
                do {
                    Arrays.fill(times, 0);
                    for (int i = 0; i < times.length; i++) {
                        times[random.nextInt(times.length)]++;
                    }
                    areas[sample] = area(times);
                } while (Double.isNaN(areas[sample]));
            }
            Arrays.sort(areas);
            return areas;
        }

        /** The sum over falling thresholds of the recall gained times the precision there. */
        double averagePrecision() {
            int[] begins = new int[positive.length];
            int groups = 0;
            for (int from = 0; from < positive.length; from = groupEnd[from]) {
                begins[groups++] = from;
            }
            double sum = 0;
            long hits = 0;
            for (int group = groups - 1; group >= 0; group--) {
                long gained = 0;
                for (int i = begins[group]; i < groupEnd[begins[group]]; i++) {
                    gained += positive[i] ? 1 : 0;
                }
                hits += gained;
                sum += gained * ((double) hits / (positive.length - begins[group]));
            }
            return sum / hits;
        }
    }
}
