package dev.murmuration.evaluator;

/** A benchmark that cannot be measured as it is: absent, or its index is wrong. The message names the benchmark and says what to do. */
final class BenchmarkException extends Exception {
    private static final long serialVersionUID = 1L;

    BenchmarkException(String benchmark, String problem) {
        super("benchmark " + benchmark + ": " + problem);
    }
}
