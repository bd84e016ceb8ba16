package dev.murmuration.filter.pipeline;

/** A command cannot be carried out; the message is one human-readable line. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With one line that says what is wrong. */
    public CommandException(String problem) {
        super(problem);
    }

    /** As above, with the cause. */
    public CommandException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
