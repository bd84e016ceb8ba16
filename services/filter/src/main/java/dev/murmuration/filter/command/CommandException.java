package dev.murmuration.filter.command;

/** A command cannot do what it was asked to; the message says why, in one line for a person. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String problem) {
        super(problem);
    }

    CommandException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
