package dev.murmuration.evaluator.model;

/** A checkpoint whose student cannot be measured, and why: for the dead letters, and for who runs a command. */
public final class UnusableStudentException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason, for a person. */
    public UnusableStudentException(String problem) {
        super(problem);
    }
}
