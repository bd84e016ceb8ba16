package dev.murmuration.evaluator.benchmark;

/**
 * Maximum sizes of a benchmark.
 *
 * @param rows of its index
 * @param indexBytes of its index
 * @param photoBytes of one photo's file
 */
public record BenchmarkLimits(int rows, long indexBytes, long photoBytes) {

    /** The limits of the commands, and the defaults of the service. */
    public static final BenchmarkLimits DEFAULTS = new BenchmarkLimits(1_000_000, 64L << 20, 20L << 20);
}
