package dev.murmuration.teacher.model;

/** A model folder that cannot be used; its message is one line that names the folder and what is wrong with it. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    /** The folder cannot be used for this reason. */
    public ModelException(ModelFolder folder, Throwable cause) {
        this(folder.origin(), cause.getMessage() == null ? cause.toString() : cause.getMessage());
        initCause(cause);
    }

    /**
     * The model cannot be used.
     *
     * @param origin the model as the setting names it
     * @param problem one line
     */
    public ModelException(String origin, String problem) {
        super("model %s: %s".formatted(origin, problem));
        this.problem = problem;
    }

    /** What is wrong, without the folder. */
    public String problem() {
        return problem;
    }
}
