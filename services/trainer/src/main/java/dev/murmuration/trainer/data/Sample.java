package dev.murmuration.trainer.data;

/**
 * One photo to learn from. Two are equal if they are the same place in the same shard.
 */
public final class Sample {

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
    public Sample(KnownShard shard, int index, float[] scores, int label, byte[] pixels) {
        this.shard = shard;
        this.index = index;
        this.scores = scores;
        this.label = label;
        this.pixels = pixels;
    }

    /** The shard that contains it. */
    public KnownShard shard() {
        return shard;
    }

    /** Its place among the shard's samples, from 0; damaged and redacted ones count. */
    public int index() {
        return index;
    }

    /** The teacher's probabilities, (classes); not to be modified. */
    public float[] scores() {
        return scores;
    }

    /** The class that the filter assigned. */
    public int label() {
        return label;
    }

    /** The resized photo, (side, side, 3); not to be modified. */
    public byte[] pixels() {
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
