package dev.murmuration.trainer.run;

import dev.murmuration.student.Optimizer;

/**
 * How a student is trained.
 *
 * @param name as in checkpoints
 * @param soft whether the teacher's scores are the targets, or its label alone
 * @param smoothing share of a hard target that is spread over all classes
 * @param balanced whether rare classes weigh more: n / (classes * n_c)
 * @param temperature softens the teacher's scores and the student's (Hinton et al. 2015); 1 leaves them
 * @param noise augmentation and regularisation
 * @param parts number of parts of a batch whose gradients are accumulated, for batches that do not fit into memory
 * @param learningRate of the head after the warm-up
 * @param warmupSamples samples over which the rate rises from 0
 * @param cosine whether the rate falls to zero along half a cosine after the feed has ended, or stays
 * @param headFirst samples during which only the head is trained; then the optimizer is reset
 * @param headEpochs the same in epochs
 * @param averageDecay decay of the moving average of the weights that checkpoints hold; 0: the weights themselves
 * @param optimizer how a gradient becomes a step
 */
public record Recipe(
        String name,
        boolean soft,
        double smoothing,
        boolean balanced,
        double temperature,
        Augmentation noise,
        int parts,
        double learningRate,
        long warmupSamples,
        boolean cosine,
        long headFirst,
        int headEpochs,
        double averageDecay,
        Optimizer optimizer) {

    /** @throws IllegalArgumentException if a value is out of range */
    public Recipe {
        require(smoothing >= 0 && smoothing < 1, "smoothing", smoothing);
        require(temperature > 0, "temperature", temperature);
        require(parts > 0, "parts", parts);
        require(learningRate > 0, "learning rate", learningRate);
        require(warmupSamples >= 0, "warm-up samples", (double) warmupSamples);
        require(headFirst >= 0, "head first", (double) headFirst);
        require(headEpochs >= 0, "head epochs", headEpochs);
        require(averageDecay >= 0 && averageDecay < 1, "average decay", averageDecay);
    }

    /** Distillation: soft targets, AdamW with decoupled decay, warm-up, cosine at the end, mirrored photos, moving average. */
    public static Recipe distil() {
        return new Recipe(
                "distil",
                true,
                0,
                false,
                1,
                Augmentation.MIRROR,
                1,
                1e-3,
                2_000,
                true,
                0,
                0,
                .995,
                new Optimizer(false, 1, .9, .999, 1e-8, .05, 1));
    }

    /**
     * As the published students were trained (Serra et al., ECAI 2023): hard labels, smoothing .2, balanced classes, RAdam at a
     * constant 1e-4. The head alone for an epoch and then everything for five, from pre-trained weights: {@link #headFirst}.
     */
    public static Recipe paper() {
        return new Recipe(
                "paper",
                false,
                .2,
                true,
                1,
                Augmentation.NONE,
                1,
                1e-4,
                0,
                false,
                0,
                0,
                0,
                new Optimizer(true, 1e9, .9, .999, 1e-7, 0, 1));
    }

    /** The same, with the head alone at first. */
    Recipe headFirst(long samples, int epochs) {
        return new Recipe(
                name,
                soft,
                smoothing,
                balanced,
                temperature,
                noise,
                parts,
                learningRate,
                warmupSamples,
                cosine,
                samples,
                epochs,
                averageDecay,
                optimizer);
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException("%s %s is out of range".formatted(name, value));
        }
    }
}
