package dev.murmuration.trainer.run;

import java.util.concurrent.CancellationException;

/** Callbacks that a {@link TrainingRun} invokes. */
@FunctionalInterface
public interface TrainingListener {

    /**
     * Called for each step, once its loss and norm are known to be finite. Where the run {@link #runsAhead} it is one step further
     * by then; {@link TrainingRun#position} is right at any time.
     *
     * @return whether to take another one
     */
    boolean shouldContinue(TrainingStep made);

    /**
     * Whether a step may be queued before the numbers of the one before it are read. A GPU then always has work, and a run that
     * diverges stops one step later.
     */
    default boolean runsAhead() {
        return false;
    }

    /**
     * Wraps the computation of a gradient, the long part of a step. It changes neither {@link TrainingRun#position} nor the
     * student's state, so another thread may read them meanwhile.
     *
     * @param gradient computes it, or queues that on a GPU
     * @throws CancellationException if the step is abandoned; the run is then where the previous step left it
     */
    default void computing(Runnable gradient) {
        gradient.run();
    }
}
