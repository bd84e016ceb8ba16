package dev.murmuration.teacher;

/** A model folder that cannot be used; its message is one line that names the folder and what is wrong with it. */
final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    ModelException(ModelFolder folder, Throwable cause) {
        this(folder.origin(), cause.getMessage() == null ? cause.toString() : cause.getMessage());
        initCause(cause);
    }

    ModelException(String origin, String problem) {
        super("model %s: %s".formatted(origin, problem));
        this.problem = problem;
    }

    /** What is wrong, without the folder. */
    String problem() {
        return problem;
    }
}
