package dev.murmuration.local;

/** What ends a command: its message is the one line that the person at the terminal reads. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitStatus;

    Failure(String line) {
        this(line, 1);
    }

    Failure(String line, int exitStatus) {
        super(line);
        this.exitStatus = exitStatus;
    }

    /** A setting that cannot be: named with its value, the problem, and where it is set. */
    static Failure setting(String name, String value, String problem) {
        return new Failure(
                "wrong setting: %s=%s: %s (set it in config/platform.properties or as %s)"
                        .formatted(name, value, problem, Settings.variable(name)),
                WRONG_SETTING);
    }

    /** Exit status for a wrong setting, the same that the services use. */
    static final int WRONG_SETTING = 78;

    int exitStatus() {
        return exitStatus;
    }
}
