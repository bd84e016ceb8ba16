package dev.murmuration.local.settings;

import java.util.List;

/** Ends a command; the message is for the user: one line, or one per wrong setting. */
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

    /** The line about a wrong setting: its value, the problem, and where it is set. */
    public static String wrongSetting(String name, String value, String problem) {
        return "wrong setting: %s = %s: %s (set it in config/platform.properties or as %s)"
                .formatted(name, value, problem, Settings.variable(name));
    }

    /** Fails the command with one line per wrong setting. */
    public static Failure wrongSettings(List<String> lines) {
        return new Failure(String.join("\n", lines), WRONG_SETTING);
    }

    /** Exit status for a wrong setting, as in the services. */
    public static final int WRONG_SETTING = 78;

    /** Exit status if nothing is running that the command could work on. */
    public static final int NOTHING_RUNS = 3;

    /** The command's exit status. */
    public int exitStatus() {
        return exitStatus;
    }
}
