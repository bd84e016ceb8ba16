package dev.murmuration.student;

import dev.murmuration.student.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Noise during training.
 *
 * @param dropout fraction of the values that are dropped after the embeddings and each branch (Srivastava et al., JMLR 2014)
 * @param paths stochastic depth (Huang et al., ECCV 2016): for each branch, two per layer from the bottom up, the factor of its
 *     contribution to each image; empty for none
 */
public record Noise(double dropout, List<float[]> paths) {

    /** No noise. */
    public static final Noise NONE = new Noise(0, List.of());

    /** Checks the range. */
    public Noise {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout %s is out of range".formatted(dropout));
        }
        paths = List.copyOf(paths);
    }

    /**
     * Draws the branches that are dropped for each image.
     *
     * @param architecture has the branches
     * @param images number of images of the batch
     * @param dropout as above
     * @param dropPath probability that a branch of the last layer is dropped; it grows linearly from 0 in the first
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
