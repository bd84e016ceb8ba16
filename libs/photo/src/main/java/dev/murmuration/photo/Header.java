package dev.murmuration.photo;

/**
 * What a photo's bytes say without being decoded: hostile files are refused by what they claim before anything allocates for it.
 *
 * @param format by magic bytes
 * @param storedWidth in pixels, before any orientation
 * @param storedHeight likewise
 * @param orientation as the file's own EXIF block names it
 * @param scans passes over all pixels; 1 but for a JPEG
 */
public record Header(Format format, int storedWidth, int storedHeight, Orientation orientation, int scans) {

    /** In pixels, as the photo is seen. */
    public int width() {
        return orientation.width(storedWidth, storedHeight);
    }

    /** In pixels, as the photo is seen. */
    public int height() {
        return orientation.height(storedWidth, storedHeight);
    }

    /** The shorter side once the photo is scaled down, where it is larger, to a longer side of so many pixels. */
    public int shorterSide(int longest) {
        int shorter = Math.min(storedWidth, storedHeight);
        int longer = Math.max(storedWidth, storedHeight);
        return longer <= longest ? shorter : (int) Math.round(shorter * ((double) longest / longer));
    }

    /** Width times height. */
    public long pixels() {
        return (long) storedWidth * storedHeight;
    }
}
