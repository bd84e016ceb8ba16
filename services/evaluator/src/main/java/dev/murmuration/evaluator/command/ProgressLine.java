package dev.murmuration.evaluator.command;

/** Shows the progress of a command in one line of the terminal, and nothing without a terminal. */
final class ProgressLine {

    /** Set by ./murmuration if the standard error is a terminal: Java 21 cannot find out. */
    private static final boolean TERMINAL = "1".equals(System.getenv("MURMURATION_TERMINAL"));

    private final String what;
    private final int all;
    private int done;

    ProgressLine(String what, int all) {
        this.what = what;
        this.all = all;
    }

    /** Adds to the number of finished items. */
    void advanced(int more) {
        done += more;
        if (TERMINAL) {
            System.err.printf("\r%s: %d of %d", what, done, all);
            System.err.flush();
        }
    }

    /** Clears the line. */
    void clear() {
        if (TERMINAL) {
            System.err.print("\r\u001b[K");
            System.err.flush();
        }
    }
}
