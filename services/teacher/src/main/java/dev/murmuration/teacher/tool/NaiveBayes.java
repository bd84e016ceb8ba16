package dev.murmuration.teacher.tool;

import dev.murmuration.teacher.hashed.LinearClassifier;

/**
 * How strongly a feature speaks for a class by counting alone: the scale of Wang and Manning's classifier (ACL 2012), for three classes.
 */
final class NaiveBayes {

    private static final int CLASSES = LinearClassifier.CLASSES;
    private static final double SMOOTHING = 1;

    private NaiveBayes() {}

    /**
     * Logarithm of how much likelier each feature is in texts of a class than in the others.
     *
     * @param texts features of each text, each once
     * @param labels class of each text
     * @return (buckets, 3); 0 where a feature never occurs
     */
    static float[] logRatios(int[][] texts, int[] labels, int buckets) {
        int[] counts = new int[buckets * CLASSES];
        double[] sizes = new double[CLASSES];
        for (int i = 0; i < texts.length; i++) {
            sizes[labels[i]]++;
            for (int feature : texts[i]) {
                counts[feature * CLASSES + labels[i]]++;
            }
        }
        float[] ratios = new float[counts.length];
        for (int i = 0; i < ratios.length; i++) {
            int row = i - i % CLASSES;
            int all = counts[row] + counts[row + 1] + counts[row + 2];
            if (all > 0) {
                double inClass = (counts[i] + SMOOTHING) / (sizes[i % CLASSES] + SMOOTHING);
                double outside = (all - counts[i] + SMOOTHING) / (texts.length - sizes[i % CLASSES] + SMOOTHING);
                ratios[i] = (float) StrictMath.log(inClass / outside);
            }
        }
        return ratios;
    }
}
