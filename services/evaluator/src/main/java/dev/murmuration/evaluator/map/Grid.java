package dev.murmuration.evaluator.map;

/** Values over a picture, {@code (rows, columns, channels)}: three channels (negative, neutral, positive) or one. */
public final class Grid {

    private final int rows;
    private final int columns;
    private final int channels;
    private final float[] values;

    /** A grid of zeros. */
    public Grid(int rows, int columns, int channels) {
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.values = new float[Math.multiplyExact(Math.multiplyExact(rows, columns), channels)];
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Number of columns. */
    public int columns() {
        return columns;
    }

    /** Values per cell. */
    public int channels() {
        return channels;
    }

    /** One value. */
    public float get(int row, int column, int channel) {
        return values[(row * columns + column) * channels + channel];
    }

    void set(int row, int column, int channel, float value) {
        values[(row * columns + column) * channels + channel] = value;
    }

    /** All values, row by row, the channels of a cell together. */
    public float[] values() {
        return values.clone();
    }

    /** The largest value of a channel. */
    float largest(int channel) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = channel; i < values.length; i += channels) {
            largest = Math.max(largest, values[i]);
        }
        return largest;
    }
}
