package dev.murmuration.crawler.photo;

import dev.murmuration.photo.Photo;

/**
 * The luminance of a photo as a person sees it, row by row, at most 1024 x 1024 of the nearest pixels. ThreatExchange's program
 * samples larger photos down to 512 x 512 first, its published hashes are of whole photos: against those, 512 is off by up to 12
 * of 256 bits and 1024 by up to 8, as is the whole photo, for a bounded price.
 */
final class Luma {

    static final int MAX_SIDE = 1024;

    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final byte[] rgb;
    private final int[] columns;
    private final int[] rows;

    private Luma(byte[] rgb, int[] columns, int[] rows) {
        this.rgb = rgb;
        this.columns = columns;
        this.rows = rows;
    }

    /** Of a photo of any size. */
    static Luma of(Photo photo) {
        boolean isReduced = photo.width() > MAX_SIDE || photo.height() > MAX_SIDE;
        return new Luma(
                photo.rgb(),
                places(photo.width(), isReduced ? MAX_SIDE : photo.width(), 3),
                places(photo.height(), isReduced ? MAX_SIDE : photo.height(), 3 * photo.width()));
    }

    // How far each column (or row) that is seen is from the first one.
    private static int[] places(int all, int seen, int step) {
        int[] places = new int[seen];
        for (int i = 0; i < seen; i++) {
            places[i] = step * (int) ((long) i * all / seen);
        }
        return places;
    }

    int width() {
        return columns.length;
    }

    int height() {
        return rows.length;
    }

    /** Row {@code y}, from the left: 0 to 255. */
    void row(int y, float[] into) {
        int start = rows[y];
        for (int x = 0; x < columns.length; x++) {
            int at = start + columns[x];
            into[x] = RED * (rgb[at] & 0xFF) + GREEN * (rgb[at + 1] & 0xFF) + BLUE * (rgb[at + 2] & 0xFF);
        }
    }
}
