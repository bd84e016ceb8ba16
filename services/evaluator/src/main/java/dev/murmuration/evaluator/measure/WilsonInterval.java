package dev.murmuration.evaluator.measure;

/**
 * A confidence interval of a proportion.
 *
 * @param low lower end, in [0, 1]
 * @param high upper end, in [0, 1]
 */
public record WilsonInterval(double low, double high) {

    /** The standard normal's 97.5 % quantile. */
    private static final double Z_95 = 1.959963984540054;

    /**
     * The Wilson score interval at 95 % without continuity correction (E. B. Wilson, JASA 22, 1927).
     *
     * @param hits how many of the samples; 0 to samples
     * @param samples at least 1
     */
    static WilsonInterval wilson95(long hits, long samples) {
        if (samples < 1 || hits < 0 || hits > samples) {
            throw new IllegalArgumentException(hits + " of " + samples);
        }
        double n = samples;
        double p = hits / n;
        double z2 = Z_95 * Z_95;
        double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z_95 / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new WilsonInterval(Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
