package dev.murmuration.evaluator.map;

import java.util.List;

/** A student that is asked: normalised pixels in, {@code (negative, neutral, positive)} out, for any number of pictures. */
@FunctionalInterface
public interface Classifier {

    /**
     * Class probabilities.
     *
     * @param pixels of each picture, as the student's {@code Pixels} gives them
     */
    float[][] predict(List<float[]> pixels);

    /** The same in batches of at most {@code size} pictures. */
    default Classifier inBatchesOf(int size) {
        return pixels -> {
            float[][] all = new float[pixels.size()][];
            for (int from = 0; from < all.length; from += size) {
                float[][] some = predict(pixels.subList(from, Math.min(all.length, from + size)));
                System.arraycopy(some, 0, all, from, some.length);
            }
            return all;
        };
    }
}
