package dev.murmuration.trainer.run;

import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;

/** Who goes along with a {@link Course}. */
@FunctionalInterface
public interface Watch {

    /**
     * After each step.
     *
     * @return whether to make another
     */
    boolean goOn(Step made);

    /**
     * Lets a gradient be computed, the long part of a step. It moves nothing that {@link Course#position} and the student's state tell: meanwhile another thread may
     * ask for them.
     *
     * @param gradient gives the loss
     * @return the loss
     * @throws CancellationException if the step is given up: the course stands where the last one left it
     */
    default double during(DoubleSupplier gradient) {
        return gradient.getAsDouble();
    }
}
