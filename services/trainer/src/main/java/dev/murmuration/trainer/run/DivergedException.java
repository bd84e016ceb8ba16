package dev.murmuration.trainer.run;

/** The loss or the gradient is not a number any more: going on, or starting again with the same settings, will not help. */
public final class DivergedException extends RuntimeException {

    /** For the line that ends the process. */
    public static final String ADVICE =
            "training diverged; the last checkpoint is good, lower trainer.learning-rate or trainer.max-norm";

    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
