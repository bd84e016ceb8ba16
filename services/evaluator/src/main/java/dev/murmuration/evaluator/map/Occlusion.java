package dev.murmuration.evaluator.map;

import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import java.util.ArrayList;
import java.util.List;

/**
 * Class scores over a picture by asking the student again and again, since the head of a student that learned on its class token
 * says nothing about single patches: with a part hidden (Zeiler and Fergus, ECCV 2014), or with that part alone, as Campos et al.
 * (2017) get scores from a fully convolutional network.
 */
public final class Occlusion {

    private static final int IN_MEMORY = 64;

    private final Classifier student;
    private final Pixels form;

    /** Asks this student, whose pictures have this form. */
    public Occlusion(Classifier student, Pixels form) {
        this.student = student.inBatchesOf(IN_MEMORY);
        this.form = form;
    }

    /**
     * How much each class loses when a square is hidden behind the picture's mean colour: the probability of the whole picture
     * minus that without the square. Positive where the square speaks for the class.
     *
     * @param squashed {@code (side, side, 3)}, from the student's {@code Pixels}
     * @param steps cells along each side
     * @param extent side of the square in pixels, at least that of a cell; squares are centred on their cells
     */
    public Grid hiding(byte[] squashed, int steps, int extent) {
        float[] whole = student.predict(List.of(form.of(squashed, false)))[0];
        byte[] mean = mean(squashed);
        Grid grid = asked(steps, (row, column) -> hidden(squashed, mean, row, column, steps, extent));
        Grid loss = new Grid(steps, steps, Architecture.CLASSES);
        for (int row = 0; row < steps; row++) {
            for (int column = 0; column < steps; column++) {
                for (int c = 0; c < Architecture.CLASSES; c++) {
                    loss.set(row, column, c, whole[c] - grid.get(row, column, c));
                }
            }
        }
        return loss;
    }

    /**
     * The class probabilities of each window alone, enlarged to a whole picture.
     *
     * @param squashed {@code (side, side, 3)}
     * @param steps windows along each side
     * @param extent side of a window in pixels; the outer ones lie at the picture's edges
     */
    public Grid sliding(byte[] squashed, int steps, int extent) {
        return asked(steps, (row, column) -> enlarged(squashed, row, column, steps, extent));
    }

    private interface Cell {
        byte[] picture(int row, int column);
    }

    private Grid asked(int steps, Cell cell) {
        Grid grid = new Grid(steps, steps, Architecture.CLASSES);
        List<float[]> some = new ArrayList<>();
        int done = 0;
        for (int i = 0; i < steps * steps; i++) {
            some.add(form.of(cell.picture(i / steps, i % steps), false));
            if (some.size() == IN_MEMORY || i == steps * steps - 1) {
                for (float[] probabilities : student.predict(some)) {
                    for (int c = 0; c < Architecture.CLASSES; c++) {
                        grid.set(done / steps, done % steps, c, probabilities[c]);
                    }
                    done++;
                }
                some.clear();
            }
        }
        return grid;
    }

    private byte[] hidden(byte[] squashed, byte[] mean, int row, int column, int steps, int extent) {
        byte[] picture = squashed.clone();
        int side = form.side();
        double cell = (double) side / steps;
        int top = (int) Math.round((row + .5) * cell - extent / 2.0);
        int left = (int) Math.round((column + .5) * cell - extent / 2.0);
        for (int y = Math.max(0, top); y < Math.min(side, top + extent); y++) {
            for (int x = Math.max(0, left); x < Math.min(side, left + extent); x++) {
                System.arraycopy(mean, 0, picture, 3 * (y * side + x), 3);
            }
        }
        return picture;
    }

    private byte[] enlarged(byte[] squashed, int row, int column, int steps, int extent) {
        int side = form.side();
        double room = steps == 1 ? 0 : (double) (side - extent) / (steps - 1);
        double top = steps == 1 ? (side - extent) / 2.0 : row * room;
        double left = steps == 1 ? (side - extent) / 2.0 : column * room;
        byte[] picture = new byte[squashed.length];
        for (int y = 0; y < side; y++) {
            double fromY = within(top + (y + .5) * extent / side - .5, top, top + extent - 1);
            for (int x = 0; x < side; x++) {
                double fromX = within(left + (x + .5) * extent / side - .5, left, left + extent - 1);
                for (int c = 0; c < 3; c++) {
                    picture[3 * (y * side + x) + c] = between(squashed, fromY, fromX, c);
                }
            }
        }
        return picture;
    }

    private static double within(double at, double low, double high) {
        return Math.clamp(at, low, high);
    }

    private byte between(byte[] squashed, double y, double x, int c) {
        int side = form.side();
        int y0 = (int) y;
        int x0 = (int) x;
        int y1 = Math.min(side - 1, y0 + 1);
        int x1 = Math.min(side - 1, x0 + 1);
        double top = lerp(squashed[3 * (y0 * side + x0) + c], squashed[3 * (y0 * side + x1) + c], x - x0);
        double bottom = lerp(squashed[3 * (y1 * side + x0) + c], squashed[3 * (y1 * side + x1) + c], x - x0);
        return (byte) Math.round(top + (bottom - top) * (y - y0));
    }

    private static double lerp(byte from, byte to, double share) {
        return (from & 0xff) + ((to & 0xff) - (from & 0xff)) * share;
    }

    /** Mean red, green and blue. */
    static byte[] mean(byte[] squashed) {
        long[] sums = new long[3];
        for (int i = 0; i < squashed.length; i++) {
            sums[i % 3] += squashed[i] & 0xff;
        }
        byte[] mean = new byte[3];
        for (int c = 0; c < 3; c++) {
            mean[c] = (byte) Math.round(sums[c] / (squashed.length / 3.0));
        }
        return mean;
    }
}
