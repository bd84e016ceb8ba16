package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.text.Printable;

/** A benchmark that cannot be measured as it is: absent, or its index is wrong. The message names the benchmark and says what to do. */
public final class BenchmarkException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 1_000;

    /** Names the benchmark and its problem in one line of at most 1,000 characters. */
    public BenchmarkException(String benchmark, String problem) {
        super(oneLine("benchmark " + benchmark + ": " + problem));
    }

    /** What a list holds may be of any length, and have line breaks and control characters. */
    private static String oneLine(String message) {
        return Printable.of(message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + " (cut)");
    }
}
