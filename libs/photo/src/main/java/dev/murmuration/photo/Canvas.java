package dev.murmuration.photo;

/** Collects a photo's rows in stored order and keeps every n-th pixel of every n-th row, rotated upright. */
final class Canvas {

    private final Header header;
    private final Deadline deadline;
    private final int stepX;
    private final int stepY;
    private final int storedWidth;
    private final int storedHeight;
    private byte[] rgb = {};

    Canvas(Header header, int stepX, int stepY, Deadline deadline) {
        this.header = header;
        this.deadline = deadline;
        this.stepX = stepX;
        this.stepY = stepY;
        this.storedWidth = kept(header.storedWidth(), stepX);
        this.storedHeight = kept(header.storedHeight(), stepY);
    }

    private static int kept(int all, int step) {
        return (all + step - 1) / step;
    }

    int stepX() {
        return stepX;
    }

    int stepY() {
        return stepY;
    }

    /** Whether the kept pixels in stored order already are the upright photo. */
    boolean isUpright() {
        return header.orientation().equals(Orientation.UPRIGHT);
    }

    /** Whether a row of the file is kept. */
    boolean keeps(int y) {
        return y % stepY == 0;
    }

    /** Sets all kept pixels of an upright photo at once, without a copy. */
    void all(byte[] pixels) {
        rgb = pixels;
    }

    /** Adds a whole row of the file, (width, 3), if it is kept. */
    void whole(int y, byte[] row) throws PhotoException {
        if (keeps(y)) {
            put(y / stepY, row, stepX);
        }
    }

    /** Adds the kept pixels of the y-th kept row. */
    void kept(int y, byte[] row) throws PhotoException {
        put(y, row, 1);
    }

    private void put(int y, byte[] row, int step) throws PhotoException {
        deadline.check();
        if (rgb.length == 0) {
            rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(storedWidth, storedHeight))];
        }
        Orientation orientation = header.orientation();
        int to = 3 * orientation.start(y, storedWidth, storedHeight);
        int next = 3 * orientation.step(storedHeight);
        if (next == 3 && step == 1) {
            System.arraycopy(row, 0, rgb, to, 3 * storedWidth);
            return;
        }
        for (int x = 0, from = 0; x < storedWidth; x++, from += 3 * step, to += next) {
            rgb[to] = row[from];
            rgb[to + 1] = row[from + 1];
            rgb[to + 2] = row[from + 2];
        }
    }

    Photo photo() {
        Orientation orientation = header.orientation();
        return Photo.of(
                orientation.width(storedWidth, storedHeight), orientation.height(storedWidth, storedHeight), rgb);
    }
}
