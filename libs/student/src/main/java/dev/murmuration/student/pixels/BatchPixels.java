package dev.murmuration.student.pixels;

import java.util.List;

/** The photos of a batch, in one of two forms. */
public sealed interface BatchPixels {

    /** Number of photos. */
    int size();

    /** Some of them, in their order. */
    BatchPixels part(int from, int to);

    /**
     * As bytes, a quarter of the size: they are normalised where the student computes, to the same bits as by {@link Pixels#of}.
     *
     * @param photos {@code (side, side, 3)} each, as {@link Pixels#squash} gives them
     * @param pixels how they are normalised
     */
    record Bytes(List<byte[]> photos, Pixels pixels) implements BatchPixels {

        @Override
        public int size() {
            return photos.size();
        }

        @Override
        public BatchPixels part(int from, int to) {
            return new Bytes(photos.subList(from, to), pixels);
        }
    }

    /**
     * As the values that the student sees.
     *
     * @param images {@code (3, side, side)} each, as {@link Pixels#of} gives them
     */
    record Values(List<float[]> images) implements BatchPixels {

        @Override
        public int size() {
            return images.size();
        }

        @Override
        public BatchPixels part(int from, int to) {
            return new Values(images.subList(from, to));
        }
    }
}
