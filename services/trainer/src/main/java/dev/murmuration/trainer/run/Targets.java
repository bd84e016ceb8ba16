package dev.murmuration.trainer.run;

import dev.murmuration.student.network.Architecture;

/** The target of one sample. */
final class Targets {

    private static final int CLASSES = Architecture.CLASSES;

    private Targets() {}

    /**
     * One weight per class. Soft: the teacher's scores, softened by the temperature as softmax(log(p) / T). Hard: the label,
     * smoothed. Where classes are balanced the row is scaled by n / (classes * n_c).
     *
     * @param scores the teacher's probabilities
     * @param label the class with the largest
     * @param perClass fresh samples of each class so far
     */
    static float[] of(Recipe recipe, float[] scores, int label, long[] perClass) {
        float[] target = recipe.soft() ? softened(scores, recipe.temperature()) : smoothed(label, recipe.smoothing());
        if (recipe.balanced()) {
            long all = perClass[0] + perClass[1] + perClass[2];
            float weight = perClass[label] == 0 ? 1 : (float) ((double) all / (CLASSES * perClass[label]));
            for (int i = 0; i < CLASSES; i++) {
                target[i] *= weight;
            }
        }
        return target;
    }

    private static float[] softened(float[] scores, double temperature) {
        float[] target = new float[CLASSES];
        double sum = 0;
        for (float score : scores) {
            sum += Math.pow(score, 1 / temperature);
        }
        for (int i = 0; i < CLASSES; i++) {
            target[i] = (float) (Math.pow(scores[i], 1 / temperature) / sum);
        }
        return target;
    }

    private static float[] smoothed(int label, double smoothing) {
        float[] target = new float[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            target[i] = (float) (smoothing / CLASSES + (i == label ? 1 - smoothing : 0));
        }
        return target;
    }
}
