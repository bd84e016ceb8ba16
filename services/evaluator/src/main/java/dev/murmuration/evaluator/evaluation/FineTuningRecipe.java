package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.student.Optimizer;

/**
 * Hyperparameters of the training on a benchmark. What the papers leave open follows the training of their students: RAdam at a
 * constant rate, batches of 32 (Serra et al., ECAI 2023).
 *
 * @param epochs over the training part
 * @param batch photos of one update
 * @param learningRate constant
 * @param neutralMask what the probability of neutral is multiplied by before the three are made to sum to 1 again; 1e-7 as
 *     published, 1 for no mask
 * @param seed of the order of the photos
 */
public record FineTuningRecipe(int epochs, int batch, double learningRate, double neutralMask, long seed) {

    private static final double NO_CLIPPING = 1e9;

    /** Checks the ranges. */
    public FineTuningRecipe {
        require(epochs >= 1, "epochs", epochs);
        require(batch >= 1, "batch", batch);
        require(learningRate > 0 && learningRate < 1, "learning rate", learningRate);
        require(neutralMask > 0 && neutralMask <= 1, "neutral mask", neutralMask);
    }

    /** As published for five-fold cross-validation. */
    static FineTuningRecipe crossValidation() {
        return new FineTuningRecipe(12, 32, 1e-4, 1e-7, 42);
    }

    /** As published for FI. */
    static FineTuningRecipe fineTuning() {
        return new FineTuningRecipe(5, 32, 1e-4, 1, 42);
    }

    /** The published recipe of a protocol that trains. */
    public static FineTuningRecipe of(Protocol protocol) {
        return protocol.hasSplits() ? fineTuning() : crossValidation();
    }

    Optimizer optimizer() {
        return new Optimizer(true, NO_CLIPPING, .9, .999, 1e-7, 0, 1);
    }

    /** Everything that affects a result, for the names of results. */
    public String title() {
        return "e%d-b%d-lr%s-mask%s-s%d".formatted(epochs, batch, learningRate, neutralMask, seed);
    }

    private static void require(boolean holds, String name, Number value) {
        if (!holds) {
            throw new IllegalArgumentException("%s %s is out of range".formatted(name, value));
        }
    }
}
