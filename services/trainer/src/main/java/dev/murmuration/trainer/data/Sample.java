package dev.murmuration.trainer.data;

/**
 * One training example. Two are equal if they have the same place in the same shard.
 */
public final class Sample {

    private final ShardReference shard;
    private final int index;
    private final String key;
    private final float[] scores;
    private final int label;
    private final byte[] pixels;

    /**
     * A sample.
     *
     * @param shard that contains it
     * @param index its place among the shard's samples, damaged and redacted ones counted
     * @param key its name in the shard, unique in its data set; a shard that replaces this one keeps it
     * @param scores the teacher's probabilities
     * @param label class that the filter assigned
     * @param pixels squashed, (side, side, 3)
     */
    public Sample(ShardReference shard, int index, String key, float[] scores, int label, byte[] pixels) {
        this.shard = shard;
        this.index = index;
        this.key = key;
        this.scores = scores;
        this.label = label;
        this.pixels = pixels;
    }

    /** The shard that contains it. */
    public ShardReference shard() {
        return shard;
    }

    /** Its place among the shard's samples, from 0; damaged and redacted ones count. */
    public int index() {
        return index;
    }

    /** Its name in the shard. */
    public String key() {
        return key;
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
