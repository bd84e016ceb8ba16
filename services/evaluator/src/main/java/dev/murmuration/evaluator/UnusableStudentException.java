package dev.murmuration.evaluator;

/** A checkpoint whose student cannot be measured, and why: for the dead letters, and for who runs a command. */
final class UnusableStudentException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableStudentException(String problem) {
        super(problem);
    }
}
