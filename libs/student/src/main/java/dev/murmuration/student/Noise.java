package dev.murmuration.student;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What disturbs a student while it learns.
 *
 * @param dropout share of the values that are dropped after the embeddings and each branch (Srivastava et al., JMLR 2014)
 * @param paths stochastic depth (Huang et al., ECCV 2016): for each branch, two a layer from the bottom up, what it adds to each image is multiplied by this; empty
 *     for none
 */
public record Noise(double dropout, List<float[]> paths) {

    /** Nothing. */
    public static final Noise NONE = new Noise(0, List.of());

    /** Checks the range. */
    public Noise {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout %s is out of range".formatted(dropout));
        }
        paths = List.copyOf(paths);
    }

    /**
     * Draws which branches are left out for which images.
     *
     * @param architecture whose branches
     * @param images of a batch
     * @param dropout as above
     * @param dropPath probability that a branch of the last layer is left out; it grows linearly from 0 in the first
     */
    public static Noise drawn(
            Network architecture, int images, double dropout, double dropPath, RandomGenerator random) {
        if (!(dropPath >= 0 && dropPath < 1)) {
            throw new IllegalArgumentException("drop path %s is out of range".formatted(dropPath));
        }
        List<float[]> paths = new ArrayList<>();
        for (int branch = 0; dropPath > 0 && branch < architecture.branches(); branch++) {
            int layer = branch / 2;
            double left = dropPath * layer / Math.max(1, architecture.branches() / 2 - 1);
            float[] row = new float[images];
            for (int i = 0; i < images; i++) {
                row[i] = random.nextDouble() < left ? 0 : (float) (1 / (1 - left));
            }
            paths.add(row);
        }
        return new Noise(dropout, paths);
    }
}
