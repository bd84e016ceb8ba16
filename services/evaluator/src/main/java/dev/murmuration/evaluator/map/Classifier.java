package dev.murmuration.evaluator.map;

import java.util.List;

/** Classifies pictures: normalised pixels to probabilities {@code (negative, neutral, positive)}, for any number of pictures. */
@FunctionalInterface
public interface Classifier {

    /**
     * Class probabilities.
     *
     * @param pixels of each picture, as the student's {@code Pixels} gives them
     */
    float[][] predict(List<float[]> pixels);

    /** Classifies in batches of at most {@code size} pictures. */
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
