package dev.murmuration.student.pixels;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Mixup (Zhang et al., ICLR 2018): each image and its target are blended with those of another image of the batch, with one share
 * for all and the partners in reverse order.
 */
public final class Mixup {

    private Mixup() {}

    /**
     * A share drawn from Beta(alpha, alpha).
     *
     * @param alpha more than 0; the smaller, the more often one of the two images dominates
     */
    public static double share(double alpha, RandomGenerator random) {
        double one = gamma(alpha, random);
        double other = gamma(alpha, random);
        double sum = one + other;
        return sum > 0 ? one / sum : .5;
    }

    // Marsaglia and Tsang (2000); below 1 by the power of a uniform number, as they say.
    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1 / 3.;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < .5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    /**
     * Blends the rows.
     *
     * @param rows images or targets of a batch
     * @param share weight of each row itself; its partner has the rest
     */
    public static List<float[]> mix(List<float[]> rows, double share) {
        List<float[]> mixed = new ArrayList<>(rows.size());
        float own = (float) share;
        float others = (float) (1 - share);
        for (int i = 0; i < rows.size(); i++) {
            float[] row = rows.get(i);
            float[] partner = rows.get(rows.size() - 1 - i);
            float[] out = new float[row.length];
            for (int k = 0; k < out.length; k++) {
                out[k] = own * row[k] + others * partner[k];
            }
            mixed.add(out);
        }
        return mixed;
    }
}
