package dev.murmuration.student;

/**
 * The settings of an update; all but the learning rate and the step number usually stay the same for a run.
 *
 * @param rectified RAdam (Liu et al. 2020) without decay instead of AdamW (Loshchilov and Hutter 2019)
 * @param maxNorm the gradient is scaled down to this global norm
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay of matrices, as a fraction of the learning rate; biases, norms, class token and positions do not decay
 * @param layerDecay ratio of a layer's learning rate to that of the layer above it; 1 for the same rate everywhere
 */
public record Optimizer(
        boolean rectified,
        double maxNorm,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double layerDecay) {

    /** Checks the ranges. */
    public Optimizer {
        require(maxNorm > 0, "max norm", maxNorm);
        require(beta1 >= 0 && beta1 < 1, "beta 1", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta 2", beta2);
        require(epsilon > 0, "epsilon", epsilon);
        require(weightDecay >= 0, "weight decay", weightDecay);
        require(layerDecay > 0 && layerDecay <= 1, "layer decay", layerDecay);
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds) {
            throw new IllegalArgumentException("optimizer: %s %s is out of range".formatted(name, value));
        }
    }
}
