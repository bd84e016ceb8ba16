package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.text.Printable;

/** Thrown for a benchmark that cannot be used: it is missing or its index is invalid. The message names the benchmark and the remedy. */
public final class BenchmarkException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 1_000;

    /** Names the benchmark and its problem in one line of at most 1,000 characters. */
    public BenchmarkException(String benchmark, String problem) {
        super(oneLine("benchmark " + benchmark + ": " + problem));
    }

    /** Values from a list may have any length, and contain line breaks and control characters. */
    private static String oneLine(String message) {
        return Printable.of(message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + " (cut)");
    }
}
