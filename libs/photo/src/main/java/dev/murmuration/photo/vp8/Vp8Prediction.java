package dev.murmuration.photo.vp8;

/** Intra prediction of VP8 (RFC 6386, section 12): predicts a block from the samples above it and to its left. */
final class Vp8Prediction {

    static final int DC = 0;
    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    private static final int RIGHT_DOWN = 4;
    private static final int VERTICAL_RIGHT = 5;
    private static final int LEFT_DOWN = 6;
    private static final int VERTICAL_LEFT = 7;
    private static final int HORIZONTAL_DOWN = 8;
    private static final int HORIZONTAL_UP = 9;

    private Vp8Prediction() {}

    /**
     * Fills a square of a macroblock.
     *
     * @param hasAbove whether there is a macroblock above, used only by the mean
     * @param hasLeft likewise
     */
    static void square(Vp8Plane plane, int at, int size, int mode, boolean hasAbove, boolean hasLeft) {
        switch (mode) {
            case DC -> fill(plane, at, size, mean(plane, at, size, hasAbove, hasLeft));
            case TRUE_MOTION -> trueMotion(plane, at, size);
            case VERTICAL -> {
                for (int y = 0; y < size; y++) {
                    System.arraycopy(plane.samples, at - plane.stride, plane.samples, at + y * plane.stride, size);
                }
            }
            default -> {
                for (int y = 0; y < size; y++) {
                    int row = at + y * plane.stride;
                    java.util.Arrays.fill(plane.samples, row, row + size, plane.samples[row - 1]);
                }
            }
        }
    }

    private static int mean(Vp8Plane plane, int at, int size, boolean hasAbove, boolean hasLeft) {
        if (!hasAbove && !hasLeft) {
            return 128;
        }
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += hasAbove ? plane.get(at - plane.stride + i) : 0;
            sum += hasLeft ? plane.get(at - 1 + i * plane.stride) : 0;
        }
        int count = hasAbove && hasLeft ? 2 * size : size;
        return (sum + count / 2) / count;
    }

    private static void fill(Vp8Plane plane, int at, int size, int value) {
        for (int y = 0; y < size; y++) {
            int row = at + y * plane.stride;
            java.util.Arrays.fill(plane.samples, row, row + size, (byte) value);
        }
    }

    private static void trueMotion(Vp8Plane plane, int at, int size) {
        int corner = plane.get(at - plane.stride - 1);
        for (int y = 0; y < size; y++) {
            int row = at + y * plane.stride;
            int left = plane.get(row - 1) - corner;
            for (int x = 0; x < size; x++) {
                plane.set(row + x, left + plane.get(at - plane.stride + x));
            }
        }
    }

    /**
     * Fills a block of 4 by 4.
     *
     * @param edge (13), overwritten: the samples around the block from the lower left past the corner to the upper right, L K J I X A B C D
     *     E F G H as the RFC names them; the last four are input, the others are read from the plane
     */
    static void block(Vp8Plane plane, int at, int mode, int[] edge) {
        for (int i = 0; i < 4; i++) {
            edge[i] = plane.get(at - 1 + (3 - i) * plane.stride);
            edge[5 + i] = plane.get(at - plane.stride + i);
        }
        edge[4] = plane.get(at - plane.stride - 1);
        switch (mode) {
            case DC -> {
                int sum = 4;
                for (int i = 0; i < 4; i++) {
                    sum += edge[i] + edge[5 + i];
                }
                fill(plane, at, 4, sum >> 3);
            }
            case TRUE_MOTION -> trueMotion(plane, at, 4);
            default -> {
                for (int y = 0; y < 4; y++) {
                    for (int x = 0; x < 4; x++) {
                        plane.samples[at + y * plane.stride + x] = (byte) directed(mode, x, y, edge);
                    }
                }
            }
        }
    }

    // Each mode is a direction; a sample is the mean of the two or three edge samples that its direction meets.
    private static int directed(int mode, int x, int y, int[] edge) {
        return switch (mode) {
            case VERTICAL -> three(edge, 5 + x);
            case HORIZONTAL -> y == 3 ? (edge[1] + 3 * edge[0] + 2) >> 2 : three(edge, 3 - y);
            case RIGHT_DOWN -> three(edge, 4 + x - y);
            case LEFT_DOWN -> x + y == 6 ? (edge[11] + 3 * edge[12] + 2) >> 2 : three(edge, 6 + x + y);
            case VERTICAL_RIGHT -> {
                int along = 2 * x - y;
                yield along < 0
                        ? three(edge, along == -1 ? 4 : 5 - y)
                        : (along & 1) == 0 ? two(edge, 4 + along / 2) : three(edge, 4 + along / 2 + 1);
            }
            case VERTICAL_LEFT -> {
                int from = 5 + x + y / 2;
                // Two samples of the lower right break the pattern.
                yield y == 3 && x == 3
                        ? three(edge, 11)
                        : y == 2 && x == 3 ? three(edge, 10) : (y & 1) == 0 ? two(edge, from) : three(edge, from + 1);
            }
            case HORIZONTAL_DOWN -> {
                int along = 2 * y - x;
                yield along < 0
                        ? three(edge, along == -1 ? 4 : 3 + x)
                        : (along & 1) == 0 ? two(edge, 3 - along / 2) : three(edge, 3 - along / 2);
            }
            case HORIZONTAL_UP -> {
                int along = x + 2 * y;
                yield along > 5
                        ? edge[0]
                        : along == 5
                                ? (edge[1] + 3 * edge[0] + 2) >> 2
                                : (along & 1) == 0 ? two(edge, 2 - along / 2) : three(edge, 2 - along / 2);
            }
            default -> throw new IllegalArgumentException("mode " + mode);
        };
    }

    private static int two(int[] edge, int from) {
        return (edge[from] + edge[from + 1] + 1) >> 1;
    }

    private static int three(int[] edge, int middle) {
        return (edge[middle - 1] + 2 * edge[middle] + edge[middle + 1] + 2) >> 2;
    }
}
