package dev.murmuration.evaluator.model;

/** Thrown for weights that cannot be used as a student. The message goes to the dead letters or to the terminal. */
public final class UnusableStudentException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with the reason in one line. */
    public UnusableStudentException(String problem) {
        super(problem);
    }
}
