package dev.murmuration.photo.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * A JPEG of one sequential scan with Huffman codes: gray, or luminance and two chroma components of the same or half the size, as cameras
 * and platforms write them. It is decoded one row of minimum coded units (MCU) at a time, so that memory does not depend on its height.
 */
public final class SequentialJpeg {

    /** Receives the picture's rows from the top. */
    public interface Rows {
        /** Whether a row is of use. */
        boolean isWanted(int y);

        /**
         * Takes a row.
         *
         * @param rgb (width, 3) and some bytes more; overwritten by the next row
         */
        void put(int y, byte[] rgb) throws IOException;

        /** Called between units of work; an exception ends the decoding. */
        void check() throws IOException;
    }

    private static final int SIDE = 8;
    private static final int AREA = SIDE * SIDE;
    private static final int[] ZIGZAG = zigzag();

    private final FrameReader frame;
    private final int across;
    private final int down;
    private final int unitsAcross;
    private final int unitsDown;
    private final int[][] samples;
    private final int[][] coefficients = new int[AREA][];
    private final SamplePlane[] planes;

    private SequentialJpeg(FrameReader frame) {
        this.frame = frame;
        this.across = frame.across();
        this.down = frame.down();
        this.unitsAcross = ceilDiv(frame.width(), SIDE * across);
        this.unitsDown = ceilDiv(frame.height(), SIDE * down);
        int components = frame.components();
        this.samples = new int[AREA][unitsAcross * (across * down + components - 1)];
        this.planes = new SamplePlane[components];
        planes[0] = new SamplePlane(
                frame.width(), frame.height(), unitsAcross * across, 2 * SIDE * down, across == 2 && components > 1);
        for (int c = 1; c < components; c++) {
            planes[c] = new SamplePlane(
                    ceilDiv(frame.width(), across), ceilDiv(frame.height(), down), unitsAcross, 2 * SIDE, false);
        }
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }

    /**
     * Reads the header of a file.
     *
     * @throws IrregularException if it is not of this kind, or is damaged
     */
    public static SequentialJpeg open(byte[] file) throws IrregularException {
        return new SequentialJpeg(FrameReader.read(file));
    }

    /**
     * Decodes it.
     *
     * @throws IrregularException if it is damaged; some rows may have been given out
     */
    public void decode(Rows rows) throws IOException {
        ScanReader scan = frame.scan();
        InverseDct transform = new InverseDct(samples[0].length);
        RowWriter writer = new RowWriter(rows);
        int interval = frame.restartInterval();
        int done = 0;
        for (int unitY = 0; unitY < unitsDown; unitY++) {
            rows.check();
            clear();
            for (int unitX = 0; unitX < unitsAcross; unitX++, done++) {
                if (interval > 0 && done > 0 && done % interval == 0) {
                    scan.restart((done / interval - 1) & 7);
                }
                unit(scan, unitX);
            }
            transform.apply(samples);
            keep(unitY);
            writer.writeBefore(unitY == unitsDown - 1 ? frame.height() : SIDE * down * (unitY + 1) - (down - 1));
        }
        scan.end();
    }

    private void clear() {
        for (int k = 0; k < AREA; k++) {
            coefficients[k] = samples[ZIGZAG[k]];
            Arrays.fill(coefficients[k], 0);
        }
    }

    private void unit(ScanReader scan, int unitX) throws IrregularException {
        for (int y = 0; y < down; y++) {
            for (int x = 0; x < across; x++) {
                block(scan, (y * unitsAcross + unitX) * across + x, 0);
            }
        }
        for (int c = 1; c < planes.length; c++) {
            block(scan, chroma(c) + unitX, c);
        }
    }

    private void block(ScanReader scan, int block, int component) throws IrregularException {
        scan.block(coefficients, block, component, frame.dc(component), frame.ac(component), frame.steps(component));
    }

    private int chroma(int component) {
        return unitsAcross * (across * down + component - 1);
    }

    private void keep(int unitY) {
        for (int y = 0; y < down; y++) {
            planes[0].add(SIDE * (unitY * down + y), samples, y * unitsAcross * across, unitsAcross * across);
        }
        for (int c = 1; c < planes.length; c++) {
            planes[c].add(SIDE * unitY, samples, chroma(c), unitsAcross);
        }
    }

    /** Converts rows and gives them out as soon as those that they are interpolated from are there. */
    private final class RowWriter {

        private final Rows rows;
        private final ColourRow colours = new ColourRow(frame.width());
        private final ChromaRow[] chroma = new ChromaRow[2];
        private int next;

        RowWriter(Rows rows) {
            this.rows = rows;
            for (int c = 1; c < planes.length; c++) {
                chroma[c - 1] = new ChromaRow(planes[c], across == 2, down == 2);
            }
        }

        void writeBefore(int end) throws IOException {
            for (; next < end; next++) {
                if (rows.isWanted(next)) {
                    rows.put(next, row(next));
                }
            }
        }

        private byte[] row(int y) {
            if (planes.length == 1) {
                return colours.gray(planes[0].even(y));
            }
            chroma[0].compute(y);
            chroma[1].compute(y);
            return across == 2
                    ? colours.colours(planes[0], y, chroma[0], chroma[1])
                    : colours.colours(planes[0].even(y), chroma[0].even(), chroma[1].even());
        }
    }

    // Along the diagonals, from low to high frequencies (T.81, figure 5).
    private static int[] zigzag() {
        int[] order = new int[AREA];
        int x = 0;
        int y = 0;
        for (int k = 0; k < AREA; k++) {
            order[k] = SIDE * y + x;
            boolean isUpwards = (x + y) % 2 == 0;
            if (isUpwards) {
                if (x == SIDE - 1) {
                    y++;
                } else {
                    x++;
                    y = Math.max(0, y - 1);
                }
            } else if (y == SIDE - 1) {
                x++;
            } else {
                y++;
                x = Math.max(0, x - 1);
            }
        }
        return order;
    }
}
