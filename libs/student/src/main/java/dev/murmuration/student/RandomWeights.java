package dev.murmuration.student;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.network.Weight;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Initial weights, the same for the same seed on every machine. Matrices are drawn from a normal distribution truncated at two
 * deviations, with the deviation of Glorot and Bengio (AISTATS 2010) for the encoder and .02 for class token, positions and head,
 * as usual for ViTs; norms are 1, biases 0. Layers of convolutional networks, which are followed by rectifiers, have the
 * deviation of He et al. (ICCV 2015).
 */
final class RandomWeights {

    private static final double SMALL = .02;
    private static final double CUT = 2;

    private RandomWeights() {}

    static float[] of(Network architecture, long seed) {
        float[] values = new float[architecture.weightCount()];
        draw(architecture, seed, FloatBuffer.wrap(values));
        return values;
    }

    /** Draws them into this buffer, from its position to its limit. */
    static void draw(Network architecture, long seed, FloatBuffer room) {
        FloatBuffer values = room.slice();
        // One generator per tensor, so that the depth does not change the initial weights of the layers below.
        SplittableRandom seeds = new SplittableRandom(seed);
        for (Weight weight : architecture.weights()) {
            fill(values, weight, !(architecture instanceof Architecture), seeds.split());
        }
        room.position(room.limit());
    }

    private static void fill(FloatBuffer values, Weight weight, boolean rectified, RandomGenerator random) {
        boolean token =
                weight.name().startsWith("vit.embeddings") && !weight.name().contains("projection");
        boolean norm = weight.name().contains("layernorm") && weight.name().endsWith(".weight");
        double deviation = !weight.isMatrix() || weight.isOutput() ? SMALL : rectified ? he(weight) : glorot(weight);
        for (int i = weight.offset(); i < weight.offset() + weight.length(); i++) {
            if (norm) {
                values.put(i, 1);
            } else {
                values.put(i, weight.isMatrix() || token ? (float) (deviation * cutNormal(random)) : 0);
            }
        }
    }

    private static double glorot(Weight weight) {
        int out = weight.shape().getFirst();
        int in = weight.length() / out;
        return Math.sqrt(2.0 / (in + out));
    }

    private static double he(Weight weight) {
        return Math.sqrt(2.0 * weight.shape().getFirst() / weight.length());
    }

    private static double cutNormal(RandomGenerator random) {
        double value;
        do {
            value = random.nextGaussian();
        } while (Math.abs(value) > CUT);
        return value;
    }
}
