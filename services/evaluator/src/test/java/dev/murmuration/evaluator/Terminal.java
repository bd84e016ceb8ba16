package dev.murmuration.evaluator;

import dev.murmuration.evaluator.command.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** Somebody who types commands and reads what they print. */
public final class Terminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Runs a command line and returns its exit code. */
    public int run(Object... arguments) {
        return Commands.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    /** What was printed so far. */
    public String out() {
        return out.toString();
    }

    /** What went wrong so far. */
    public String err() {
        return err.toString();
    }
}
