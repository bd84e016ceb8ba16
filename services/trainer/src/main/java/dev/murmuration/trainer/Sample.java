package dev.murmuration.trainer;

/**
 * One photo to learn from. Two are equal if they are the same place in the same shard.
 */
final class Sample {

    private final KnownShard shard;
    private final int index;
    private final float[] scores;
    private final int label;
    private final byte[] pixels;

    /**
     * Keeps what it is given.
     *
     * @param shard the shard it lies in
     * @param index its place among the shard's samples, damaged and redacted ones counted
     * @param scores the teacher's probabilities
     * @param label the class the filter gave it
     * @param pixels squashed, (side, side, 3)
     */
    Sample(KnownShard shard, int index, float[] scores, int label, byte[] pixels) {
        this.shard = shard;
        this.index = index;
        this.scores = scores;
        this.label = label;
        this.pixels = pixels;
    }

    KnownShard shard() {
        return shard;
    }

    int index() {
        return index;
    }

    float[] scores() {
        return scores;
    }

    int label() {
        return label;
    }

    byte[] pixels() {
        return pixels;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sample that && shard.equals(that.shard) && index == that.index;
    }

    @Override
    public int hashCode() {
        return 31 * shard.hashCode() + index;
    }
}
