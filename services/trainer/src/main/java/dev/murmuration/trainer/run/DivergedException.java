package dev.murmuration.trainer.run;

/** The loss or the gradient is not finite. Continuing, or restarting with the same settings, does not help. */
public final class DivergedException extends RuntimeException {

    /** Advice for the last line of the log. */
    public static final String ADVICE =
            "training diverged; the last checkpoint is good, lower trainer.learning-rate or trainer.max-norm";

    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
