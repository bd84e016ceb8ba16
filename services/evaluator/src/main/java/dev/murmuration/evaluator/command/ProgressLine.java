package dev.murmuration.evaluator.command;

/** How far a command is, in one line of the terminal; nothing where there is none. */
final class ProgressLine {

    /** Set by ./murmuration where the standard error is one: Java 21 cannot ask. */
    private static final boolean TERMINAL = "1".equals(System.getenv("MURMURATION_TERMINAL"));

    private final String what;
    private final int all;
    private int done;

    ProgressLine(String what, int all) {
        this.what = what;
        this.all = all;
    }

    /** So many more are done. */
    void advanced(int more) {
        done += more;
        if (TERMINAL) {
            System.err.printf("\r%s: %d of %d", what, done, all);
            System.err.flush();
        }
    }

    /** Takes the line away. */
    void clear() {
        if (TERMINAL) {
            System.err.print("\r\u001b[K");
            System.err.flush();
        }
    }
}
