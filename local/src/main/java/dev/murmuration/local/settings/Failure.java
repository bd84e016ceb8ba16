package dev.murmuration.local.settings;

/** What ends a command: its message is the one line that the person at the terminal reads. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitStatus;

    /** Ends the command with exit status 1. */
    public Failure(String line) {
        this(line, 1);
    }

    /** Ends the command with this exit status. */
    public Failure(String line, int exitStatus) {
        super(line);
        this.exitStatus = exitStatus;
    }

    /** A setting that cannot be: named with its value, the problem, and where it is set. */
    public static Failure setting(String name, String value, String problem) {
        return new Failure(
                "wrong setting: %s=%s: %s (set it in config/platform.properties or as %s)"
                        .formatted(name, value, problem, Settings.variable(name)),
                WRONG_SETTING);
    }

    /** Exit status for a wrong setting, the same that the services use. */
    public static final int WRONG_SETTING = 78;

    /** The command's exit status. */
    public int exitStatus() {
        return exitStatus;
    }
}
