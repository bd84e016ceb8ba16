package dev.murmuration.trainer.run;

import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;

/** Callbacks that a {@link TrainingRun} invokes. */
@FunctionalInterface
public interface TrainingListener {

    /**
     * Called after each step.
     *
     * @return whether to take another one
     */
    boolean shouldContinue(TrainingStep made);

    /**
     * Wraps the computation of a gradient, the long part of a step. It changes neither {@link TrainingRun#position} nor the
     * student's state, so another thread may read them meanwhile.
     *
     * @param gradient computes it and returns the loss
     * @return the loss
     * @throws CancellationException if the step is abandoned; the run is then where the previous step left it
     */
    default double computing(DoubleSupplier gradient) {
        return gradient.getAsDouble();
    }
}
