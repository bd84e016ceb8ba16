package dev.murmuration.trainer;

import dev.murmuration.student.Optimizer;

/**
 * How a student learns.
 *
 * @param name what it is called in checkpoints
 * @param soft whether the teacher's scores are the targets, or its label alone
 * @param smoothing share of a hard target that is spread over all classes
 * @param balanced whether rare classes weigh more: n / (classes * n_c)
 * @param temperature softens the teacher's scores and the student's (Hinton et al. 2015); 1 leaves them
 * @param mirror whether half of the photos are mirrored
 * @param learningRate of the head after the warm-up
 * @param warmupSamples samples over which the rate rises from 0
 * @param cosine whether the rate falls to zero along half a cosine after the feed has ended, or stays
 * @param headFirst share of the fresh samples of a pass during which only the head learns, in samples
 * @param averageDecay decay of the moving average of the weights that checkpoints hold; 0: the weights themselves
 * @param optimizer how a gradient becomes a step
 */
record Recipe(
        String name,
        boolean soft,
        double smoothing,
        boolean balanced,
        double temperature,
        boolean mirror,
        double learningRate,
        long warmupSamples,
        boolean cosine,
        long headFirst,
        double averageDecay,
        Optimizer optimizer) {

    Recipe {
        require(smoothing >= 0 && smoothing < 1, "smoothing", smoothing);
        require(temperature > 0, "temperature", temperature);
        require(learningRate > 0, "learning rate", learningRate);
        require(warmupSamples >= 0, "warm-up samples", (double) warmupSamples);
        require(headFirst >= 0, "head first", (double) headFirst);
        require(averageDecay >= 0 && averageDecay < 1, "average decay", averageDecay);
    }

    /** Distillation: soft targets, AdamW with decoupled decay, warm-up, cosine at the end, mirrored photos, moving average. */
    static Recipe distil() {
        return new Recipe(
                "distil",
                true,
                0,
                false,
                1,
                true,
                1e-3,
                2_000,
                true,
                0,
                .995,
                new Optimizer(false, 1, .9, .999, 1e-8, .05, 1));
    }

    /** As the published students were trained (Serra et al., ECAI 2023): hard labels, smoothing .2, balanced classes, RAdam at a constant 1e-4. */
    static Recipe paper() {
        return new Recipe(
                "paper",
                false,
                .2,
                true,
                1,
                false,
                1e-4,
                0,
                false,
                0,
                0,
                new Optimizer(true, 1e9, .9, .999, 1e-7, 0, 1));
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException("%s %s is out of range".formatted(name, value));
        }
    }
}
