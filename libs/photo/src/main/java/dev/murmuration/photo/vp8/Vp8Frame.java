package dev.murmuration.photo.vp8;

import dev.murmuration.photo.vp8.Vp8Residue.Quantisation;
import dev.murmuration.photo.vp8.Vp8Residue.Steps;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key frame of VP8 (RFC 6386), the content of a lossy WebP, decoded to the same samples as libwebp, bit for bit. Where the RFC is
 * ambiguous, as at the right edge of a frame, it follows libwebp.
 */
public final class Vp8Frame {

    private static final int[] DC_STEPS = {
        4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23, 23, 24, 25, 25,
        26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 46, 47, 48, 49, 50, 51,
        52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 76, 77, 78,
        79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 93, 95, 96, 98, 100, 101, 102, 104, 106, 108, 110, 112, 114,
        116, 118, 122, 124, 126, 128, 130, 132, 134, 136, 138, 140, 143, 145, 148, 151, 154, 157
    };
    private static final int[] AC_STEPS = {
        4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 62,
        64, 66, 68, 70, 72, 74, 76, 78, 80, 82, 84, 86, 88, 90, 92, 94, 96, 98, 100, 102, 104, 106, 108, 110, 112, 114,
        116, 119, 122, 125, 128, 131, 134, 137, 140, 143, 146, 149, 152, 155, 158, 161, 164, 167, 170, 173, 177, 181,
        185, 189, 193, 197, 201, 205, 209, 213, 217, 221, 225, 229, 234, 239, 245, 249, 254, 259, 264, 269, 274, 279,
        284
    };
    /** The tree of a block's mode: positive numbers are nodes, the others modes. */
    private static final int[] MODE_TREE = {
        -Vp8Prediction.DC,
        1,
        -Vp8Prediction.TRUE_MOTION,
        2,
        -Vp8Prediction.VERTICAL,
        3,
        4,
        6,
        -Vp8Prediction.HORIZONTAL,
        5,
        -4,
        -5,
        -6,
        7,
        -7,
        8,
        -8,
        -9
    };

    private static final int SEGMENTS = 4;
    private static final int FRAME_HEADER = 10;

    final int width;
    final int height;
    final Vp8Plane brightness;
    final Vp8Plane blueness;
    final Vp8Plane redness;

    /** Checked once per row of macroblocks. */
    @FunctionalInterface
    public interface Deadline {
        /** Throws once the time is up. */
        void check() throws IOException;
    }

    private final Deadline deadline;
    private final int columns;
    private final int rows;
    private final BoolDecoder header;
    private final BoolDecoder[] tokens;
    private final int[] segmentTree = {255, 255, 255};
    private final Quantisation[] quantisations = new Quantisation[SEGMENTS];
    // By segment and by whether a macroblock is predicted in blocks of 4 by 4.
    private final @Nullable Vp8Filter[][] filters = new Vp8Filter[SEGMENTS][2];
    private final boolean hasSegmentMap;
    private final boolean isSimplyFiltered;
    private final int skipProbability;
    private final Vp8Residue residue;
    private final int[] modesAbove;
    private final int[] modesLeft = new int[4];
    private final int[] modes = new int[16];
    // Per macroblock, for the filter: segment, whether predicted in blocks, whether its inner edges are filtered.
    private final byte[] filtering;
    private final int[] edge = new int[13];
    private final int[] scratch = new int[16];

    /**
     * Reads the frame's header.
     *
     * @throws Vp8Exception if it is not a key frame or is truncated
     */
    public Vp8Frame(byte[] bytes, int from, int end, Deadline deadline) throws Vp8Exception {
        this.deadline = deadline;
        if (end - from < FRAME_HEADER || (bytes[from] & 1) != 0 || ((bytes[from] >> 1) & 7) > 3) {
            throw new Vp8Exception("WebP without a key frame of VP8");
        }
        int first = number(bytes, from, 3) >> 5;
        this.width = number(bytes, from + 6, 2) & 0x3fff;
        this.height = number(bytes, from + 8, 2) & 0x3fff;
        int parts = from + FRAME_HEADER + first;
        if (parts > end || width == 0 || height == 0) {
            throw cutShort();
        }
        this.columns = (width + 15) / 16;
        this.rows = (height + 15) / 16;
        this.brightness = new Vp8Plane(16 * columns, 16 * rows);
        this.blueness = new Vp8Plane(8 * columns, 8 * rows);
        this.redness = new Vp8Plane(8 * columns, 8 * rows);
        this.modesAbove = new int[4 * columns];
        this.filtering = new byte[columns * rows];
        this.header = new BoolDecoder(bytes, from + FRAME_HEADER, parts);
        header.number(2); // Colour space and clamping, which decoders ignore.

        boolean hasSegments = header.flag();
        boolean mapFollows = hasSegments && header.flag();
        boolean isAbsolute = true;
        int[] quantisers = new int[SEGMENTS];
        int[] strengths = new int[SEGMENTS];
        if (hasSegments && header.flag()) {
            isAbsolute = header.flag();
            for (int i = 0; i < SEGMENTS; i++) {
                quantisers[i] = header.optionalSigned(7);
            }
            for (int i = 0; i < SEGMENTS; i++) {
                strengths[i] = header.optionalSigned(6);
            }
        }
        this.hasSegmentMap = mapFollows;
        if (mapFollows) {
            for (int i = 0; i < segmentTree.length; i++) {
                segmentTree[i] = header.flag() ? header.number(8) : 255;
            }
        }
        this.isSimplyFiltered = header.flag();
        readFilters(hasSegments, isAbsolute, strengths);
        this.tokens = new BoolDecoder[1 << header.number(2)];
        splitTokens(bytes, parts, end);
        readSteps(hasSegments, isAbsolute, quantisers);
        header.flag(); // Whether probabilities are kept for the next frame; there is none.
        int[] probabilities = Vp8Probabilities.coefficients();
        for (int i = 0; i < probabilities.length; i++) {
            if (header.bit(Vp8Probabilities.update(i)) == 1) {
                probabilities[i] = header.number(8);
            }
        }
        this.skipProbability = header.flag() ? header.number(8) : -1;
        this.residue = new Vp8Residue(probabilities, columns);
    }

    // Little-endian.
    private static int number(byte[] bytes, int at, int length) {
        int number = 0;
        for (int i = 0; i < length; i++) {
            number |= (bytes[at + i] & 0xff) << (8 * i);
        }
        return number;
    }

    private static Vp8Exception cutShort() {
        return new Vp8Exception("cut short: WebP's frame ends early");
    }

    private void readFilters(boolean hasSegments, boolean isAbsolute, int[] strengths) {
        int level = header.number(6);
        int sharpness = header.number(3);
        int ofKeyFrames = 0;
        int ofBlocks = 0;
        boolean hasChanges = header.flag();
        if (hasChanges && header.flag()) {
            for (int i = 0; i < 8; i++) { // Four kinds of reference frames, only one of which occurs, four of modes.
                int change = header.optionalSigned(6);
                ofKeyFrames = i == 0 ? change : ofKeyFrames;
                ofBlocks = i == 4 ? change : ofBlocks;
            }
        }
        for (int segment = 0; segment < SEGMENTS; segment++) {
            int base = !hasSegments ? level : isAbsolute ? strengths[segment] : level + strengths[segment];
            for (int inBlocks = 0; inBlocks < 2; inBlocks++) {
                int strength = index(base + ofKeyFrames + (inBlocks == 1 ? ofBlocks : 0), 63);
                boolean isFiltered = level > 0 && strength > 0;
                filters[segment][inBlocks] = isFiltered ? new Vp8Filter(strength, sharpness) : null;
            }
        }
    }

    private void splitTokens(byte[] bytes, int sizes, int end) throws Vp8Exception {
        int at = sizes + 3 * (tokens.length - 1);
        for (int i = 0; i < tokens.length; i++) {
            if (at >= end) {
                throw cutShort();
            }
            boolean isLast = i == tokens.length - 1;
            int to = isLast ? end : Math.min(end, at + number(bytes, sizes + 3 * i, 3));
            tokens[i] = new BoolDecoder(bytes, at, to);
            at = to;
        }
    }

    private void readSteps(boolean hasSegments, boolean isAbsolute, int[] quantisers) {
        int base = header.number(7);
        int brightnessFirst = header.optionalSigned(4);
        int meansFirst = header.optionalSigned(4);
        int meansOthers = header.optionalSigned(4);
        int coloursFirst = header.optionalSigned(4);
        int coloursOthers = header.optionalSigned(4);
        for (int i = 0; i < SEGMENTS; i++) {
            int q = !hasSegments ? base : isAbsolute ? quantisers[i] : base + quantisers[i];
            quantisations[i] = new Quantisation(
                    new Steps(DC_STEPS[index(q + brightnessFirst, 127)], AC_STEPS[index(q, 127)]),
                    new Steps(
                            2 * DC_STEPS[index(q + meansFirst, 127)],
                            Math.max(8, AC_STEPS[index(q + meansOthers, 127)] * 155 / 100)),
                    new Steps(DC_STEPS[index(q + coloursFirst, 117)], AC_STEPS[index(q + coloursOthers, 127)]));
        }
    }

    private static int index(int q, int most) {
        return Math.max(0, Math.min(q, most));
    }

    /**
     * Decodes and filters all macroblocks.
     *
     * @throws Vp8Exception if the data end before the frame does
     * @throws IOException from the deadline
     */
    public void decode() throws IOException {
        for (int row = 0; row < rows; row++) {
            deadline.check();
            Arrays.fill(modesLeft, Vp8Prediction.DC);
            residue.startRow();
            BoolDecoder bits = tokens[row & (tokens.length - 1)];
            for (int column = 0; column < columns; column++) {
                macroblock(column, row, bits);
            }
            if (header.isPastEnd() || bits.isPastEnd()) {
                throw cutShort();
            }
        }
        for (int row = 0; row < rows; row++) {
            deadline.check();
            for (int column = 0; column < columns; column++) {
                filter(column, row);
            }
        }
    }

    private void macroblock(int column, int row, BoolDecoder bits) {
        int segment = 0;
        if (hasSegmentMap) {
            segment = header.bit(segmentTree[0]) == 0 ? header.bit(segmentTree[1]) : 2 + header.bit(segmentTree[2]);
        }
        boolean isSkipped = skipProbability >= 0 && header.bit(skipProbability) == 1;
        boolean isInBlocks = header.bit(145) == 0;
        int mode = isInBlocks ? readBlockModes(column) : readMode(column);
        int colourMode = header.bit(142) == 0
                ? Vp8Prediction.DC
                : header.bit(114) == 0
                        ? Vp8Prediction.VERTICAL
                        : header.bit(183) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
        boolean hasResidue = false;
        if (isSkipped) {
            residue.skip(column, !isInBlocks);
        } else {
            hasResidue = residue.read(bits, column, !isInBlocks, quantisations[segment]);
        }
        filtering[row * columns + column] =
                (byte) ((segment << 2) | (isInBlocks ? 2 : 0) | (isInBlocks || hasResidue ? 1 : 0));

        int at = brightness.at(16 * column, 16 * row);
        if (isInBlocks) {
            blocks(column, row, at, hasResidue);
        } else {
            Vp8Prediction.square(brightness, at, 16, mode, row > 0, column > 0);
            if (hasResidue) {
                for (int i = 0; i < 16; i++) {
                    addResidue(i, brightness, at + 4 * (i / 4) * brightness.stride + 4 * (i % 4));
                }
            }
        }
        for (int colour = 0; colour < 2; colour++) {
            Vp8Plane plane = colour == 0 ? blueness : redness;
            int corner = plane.at(8 * column, 8 * row);
            Vp8Prediction.square(plane, corner, 8, colourMode, row > 0, column > 0);
            if (hasResidue) {
                for (int i = 0; i < 4; i++) {
                    addResidue(16 + 4 * colour + i, plane, corner + 4 * (i / 2) * plane.stride + 4 * (i % 2));
                }
            }
        }
    }

    private int readMode(int column) {
        int mode = header.bit(156) == 1
                ? header.bit(128) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL
                : header.bit(163) == 1 ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
        Arrays.fill(modesAbove, 4 * column, 4 * column + 4, mode);
        Arrays.fill(modesLeft, mode);
        return mode;
    }

    private int readBlockModes(int column) {
        for (int y = 0; y < 4; y++) {
            int mode = modesLeft[y];
            for (int x = 0; x < 4; x++) {
                int above = modesAbove[4 * column + x];
                int left = mode;
                int node = 0;
                do {
                    node = MODE_TREE[2 * node + header.bit(Vp8Probabilities.mode(above, left, node))];
                } while (node > 0);
                mode = -node;
                modesAbove[4 * column + x] = mode;
                modes[4 * y + x] = mode;
            }
            modesLeft[y] = mode;
        }
        return 0;
    }

    private void blocks(int column, int row, int at, boolean hasResidue) {
        int above = at - brightness.stride;
        for (int i = 0; i < 16; i++) {
            int x = 4 * (i % 4);
            int block = at + 4 * (i / 4) * brightness.stride + x;
            for (int k = 0; k < 4; k++) {
                edge[9 + k] =
                        x < 12 ? brightness.get(block - brightness.stride + 4 + k) : rightAbove(column, row, above, k);
            }
            Vp8Prediction.block(brightness, block, modes[i], edge);
            if (hasResidue) {
                addResidue(i, brightness, block);
            }
        }
    }

    // All blocks of the right column use the macroblock above, since the one to the right is not decoded yet.
    private int rightAbove(int column, int row, int above, int k) {
        if (row == 0) {
            return 127;
        }
        return brightness.get(column == columns - 1 ? above + 15 : above + 16 + k);
    }

    private void addResidue(int block, Vp8Plane plane, int at) {
        Vp8Transform.add(residue.coefficients, 16 * block, plane, at, scratch);
    }

    private void filter(int column, int row) {
        int how = filtering[row * columns + column];
        Vp8Filter filter = filters[how >> 2][(how >> 1) & 1];
        if (filter == null) {
            return;
        }
        boolean isInside = (how & 1) == 1;
        filterAcross(filter, column, row, true, column > 0, isInside);
        filterAcross(filter, column, row, false, row > 0, isInside);
    }

    private void filterAcross(
            Vp8Filter filter, int column, int row, boolean isUpright, boolean hasNeighbour, boolean isInside) {
        int at = brightness.at(16 * column, 16 * row);
        int across = isUpright ? 1 : brightness.stride;
        int along = isUpright ? brightness.stride : 1;
        for (int i = hasNeighbour ? 0 : 1; i < (isInside ? 4 : 1); i++) {
            if (isSimplyFiltered) {
                filter.simple(brightness, at + 4 * i * across, across, along, i == 0);
            } else {
                filter.normal(brightness, at + 4 * i * across, across, along, 16, i == 0);
            }
        }
        if (isSimplyFiltered) {
            return;
        }
        for (Vp8Plane plane : new Vp8Plane[] {blueness, redness}) {
            int corner = plane.at(8 * column, 8 * row);
            int acrossColours = isUpright ? 1 : plane.stride;
            int alongColours = isUpright ? plane.stride : 1;
            for (int i = hasNeighbour ? 0 : 1; i < (isInside ? 2 : 1); i++) {
                filter.normal(plane, corner + 4 * i * acrossColours, acrossColours, alongColours, 8, i == 0);
            }
        }
    }
}
