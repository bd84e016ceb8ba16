package dev.murmuration.photo;

/**
 * The properties of a photo that can be read without decoding it, so that hostile files are refused by the sizes they claim before anything
 * is allocated.
 *
 * @param format by magic bytes
 * @param storedWidth in pixels, before any orientation
 * @param storedHeight likewise
 * @param orientation from the file's own EXIF block
 * @param scans passes over all pixels; 1 except for a JPEG
 */
public record Header(Format format, int storedWidth, int storedHeight, Orientation orientation, int scans) {

    /** Returns the width in pixels after the orientation is applied. */
    public int width() {
        return orientation.width(storedWidth, storedHeight);
    }

    /** Returns the height in pixels after the orientation is applied. */
    public int height() {
        return orientation.height(storedWidth, storedHeight);
    }

    /** Returns the shorter side after the photo is scaled down, if it is larger, to the given longer side in pixels. */
    public int shorterSide(int longest) {
        int shorter = Math.min(storedWidth, storedHeight);
        int longer = Math.max(storedWidth, storedHeight);
        return longer <= longest ? shorter : (int) Math.round(shorter * ((double) longest / longer));
    }

    /** Returns width times height. */
    public long pixels() {
        return (long) storedWidth * storedHeight;
    }
}
