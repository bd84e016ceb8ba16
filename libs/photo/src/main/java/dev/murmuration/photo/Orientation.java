package dev.murmuration.photo;

/**
 * How the stored pixels are rotated and mirrored to show the photo upright (EXIF 2.32, tag 0x0112, values 1 to 8).
 *
 * @param transposed rows and columns are exchanged
 * @param fromRight columns of the stored photo are counted from the right
 * @param fromBottom rows of the stored photo are counted from the bottom
 */
public record Orientation(boolean transposed, boolean fromRight, boolean fromBottom) {

    /** Stored upright. */
    public static final Orientation UPRIGHT = new Orientation(false, false, false);

    /** Returns the orientation for a value of the tag; upright if the value is invalid. */
    public static Orientation of(int exif) {
        return new Orientation(
                exif >= 5 && exif <= 8,
                exif == 2 || exif == 3 || exif == 7 || exif == 8,
                exif == 3 || exif == 4 || exif == 6 || exif == 7);
    }

    int width(int storedWidth, int storedHeight) {
        return transposed ? storedHeight : storedWidth;
    }

    int height(int storedWidth, int storedHeight) {
        return transposed ? storedWidth : storedHeight;
    }

    /** Returns the index, in row-major order, of a stored row's first pixel in the upright photo. */
    int start(int y, int storedWidth, int storedHeight) {
        int atX = fromRight ? storedWidth - 1 : 0;
        int atY = fromBottom ? storedHeight - 1 - y : y;
        return transposed ? atX * storedHeight + atY : atY * storedWidth + atX;
    }

    /** Returns the distance in the upright photo between neighbouring pixels of a stored row. */
    int step(int storedHeight) {
        int step = transposed ? storedHeight : 1;
        return fromRight ? -step : step;
    }
}
