package dev.murmuration.teacher.tool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How good and how honest a classifier's probabilities are on labelled texts. Precision, recall and F1 as scikit-learn defines
 * them; macro recall is TweetEval's measure for sentiment (Barbieri et al., 2020); the expected calibration error is that of Guo
 * et al., ICML 2017, over the largest probability of each text.
 */
final class Evaluation {

    /** How many bins of equal width the calibration error is taken over. */
    static final int BINS = 15;

    private static final int CLASSES = 3;

    private final long[][] confusion = new long[CLASSES][CLASSES];
    private final long[] binTexts = new long[BINS];
    private final long[] binHits = new long[BINS];
    private final double[] binConfidence = new double[BINS];
    private final List<double[]> judged = new ArrayList<>();
    private double logLoss;

    /**
     * One bin of the reliability table.
     *
     * @param from lower edge of the confidence, not in the bin (but 0 is)
     * @param to upper edge, in the bin
     * @param texts how many texts were predicted with such a confidence
     * @param confidence their mean confidence
     * @param accuracy the share of them that was right
     */
    record Bin(double from, double to, long texts, double confidence, double accuracy) {}

    /**
     * What a data set's thresholds keep.
     *
     * @param share kept texts over all
     * @param precision the share of kept texts whose predicted class is right; 0 where none is kept
     * @param texts kept texts of each predicted class
     */
    record Kept(double share, double precision, List<Long> texts) {}

    /**
     * Adds one text.
     *
     * @param label the true class
     * @param probabilities of negative, neutral, positive
     */
    void add(int label, double[] probabilities) {
        int predicted = argmax(probabilities);
        confusion[label][predicted]++;
        double confidence = probabilities[predicted];
        int bin = Math.clamp((int) Math.ceil(confidence * BINS) - 1, 0, BINS - 1);
        binTexts[bin]++;
        binConfidence[bin] += confidence;
        binHits[bin] += predicted == label ? 1 : 0;
        logLoss -= Math.log(Math.max(probabilities[label], 1e-4));
        judged.add(new double[] {label, predicted, confidence});
    }

    /** The class of the largest probability; ties in the order negative, neutral, positive. */
    static int argmax(double[] probabilities) {
        int best = 0;
        for (int c = 1; c < probabilities.length; c++) {
            if (probabilities[c] > probabilities[best]) {
                best = c;
            }
        }
        return best;
    }

    long texts() {
        return judged.size();
    }

    /** Rows: truth; columns: prediction. */
    long[][] confusion() {
        return confusion;
    }

    double accuracy() {
        long right = 0;
        for (int c = 0; c < CLASSES; c++) {
            right += confusion[c][c];
        }
        return right / (double) texts();
    }

    /** Mean recall of the three classes. */
    double macroRecall() {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            sum += quotient(confusion[c][c], row(c));
        }
        return sum / CLASSES;
    }

    /** Mean F1 of the three classes. */
    double macroF1() {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            sum += quotient(2 * confusion[c][c], row(c) + column(c));
        }
        return sum / CLASSES;
    }

    /** Mean of minus the logarithm of the true class's probability, probabilities being at least 0.0001 as they are rounded to that. */
    double logLoss() {
        return logLoss / texts();
    }

    /** Mean distance of confidence and accuracy over the bins, by their number of texts. */
    double calibrationError() {
        double sum = 0;
        for (int b = 0; b < BINS; b++) {
            sum += Math.abs(binConfidence[b] - binHits[b]);
        }
        return sum / texts();
    }

    /** The reliability table: every bin that has texts. */
    List<Bin> bins() {
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (binTexts[b] > 0) {
                bins.add(new Bin(
                        b / (double) BINS,
                        (b + 1) / (double) BINS,
                        binTexts[b],
                        binConfidence[b] / binTexts[b],
                        binHits[b] / (double) binTexts[b]));
            }
        }
        return bins;
    }

    /** What thresholds for negative, neutral, positive would keep: strictly more than the threshold of the predicted class. */
    Kept kept(double[] thresholds) {
        long[] texts = new long[CLASSES];
        long right = 0;
        long all = 0;
        for (double[] one : judged) {
            int predicted = (int) one[1];
            if (one[2] > thresholds[predicted]) {
                texts[predicted]++;
                all++;
                right += one[0] == one[1] ? 1 : 0;
            }
        }
        return new Kept(
                quotient(all, texts()),
                quotient(right, all),
                Arrays.stream(texts).boxed().toList());
    }

    private long row(int c) {
        return confusion[c][0] + confusion[c][1] + confusion[c][2];
    }

    private long column(int c) {
        return confusion[0][c] + confusion[1][c] + confusion[2][c];
    }

    private static double quotient(long part, long whole) {
        return whole == 0 ? 0 : part / (double) whole;
    }
}
