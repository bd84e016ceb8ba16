package dev.murmuration.evaluator.serve;

/** Thrown when no student can answer now; the message says why. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String why) {
        super(why);
    }
}
