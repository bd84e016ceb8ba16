package dev.murmuration.filter.command;

/** A command cannot be carried out; the message is one human-readable line. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String problem) {
        super(problem);
    }

    CommandException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
