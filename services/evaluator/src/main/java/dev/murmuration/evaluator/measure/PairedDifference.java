package dev.murmuration.evaluator.measure;

/**
 * By how much the second of two students is more often right on the same photos.
 *
 * @param value the difference of their accuracies
 * @param low lower end of its 95 % interval
 * @param high upper end
 */
public record PairedDifference(double value, double low, double high) {

    /** The standard normal's 97.5 % quantile. */
    private static final double Z_95 = 1.959963984540054;

    /**
     * The interval of Agresti and Min (Statistics in Medicine 24, 2005): Wald's after half a photo is added to each cell of the
     * table of who was right.
     *
     * @param onlyFirst photos that only the first got right
     * @param onlySecond photos that only the second got right
     * @param samples all photos; at least 1
     */
    static PairedDifference of(long onlyFirst, long onlySecond, long samples) {
        if (samples < 1 || onlyFirst + onlySecond > samples) {
            throw new IllegalArgumentException(onlyFirst + " and " + onlySecond + " of " + samples);
        }
        double n = samples + 2;
        double first = onlyFirst + .5;
        double second = onlySecond + .5;
        double middle = (second - first) / n;
        double half = Z_95 * Math.sqrt(first + second - (second - first) * (second - first) / n) / n;
        return new PairedDifference(
                (double) (onlySecond - onlyFirst) / samples, Math.max(-1, middle - half), Math.min(1, middle + half));
    }
}
