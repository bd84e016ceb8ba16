package dev.murmuration.evaluator.benchmark;

/**
 * What a benchmark may be at most.
 *
 * @param rows of its index
 * @param indexBytes of its index
 * @param photoBytes of one photo's file
 */
public record BenchmarkLimits(int rows, long indexBytes, long photoBytes) {

    /** Those of the commands, and of the service unless its settings say otherwise. */
    public static final BenchmarkLimits DEFAULTS = new BenchmarkLimits(1_000_000, 64L << 20, 20L << 20);
}
