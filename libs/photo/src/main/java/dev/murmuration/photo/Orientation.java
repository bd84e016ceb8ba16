package dev.murmuration.photo;

/**
 * How the stored pixels are to be turned for a person to see the photo upright (EXIF 2.32, tag 0x0112, values 1 to 8).
 *
 * @param transposed rows and columns are exchanged
 * @param fromRight columns of the stored photo are counted from the right
 * @param fromBottom rows of the stored photo are counted from the bottom
 */
public record Orientation(boolean transposed, boolean fromRight, boolean fromBottom) {

    /** Stored as it is seen. */
    public static final Orientation UPRIGHT = new Orientation(false, false, false);

    /** The orientation of a value of the tag; upright where it names none. */
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

    /** Where in the upright photo the first pixel of a stored row belongs, counted row by row. */
    int start(int y, int storedWidth, int storedHeight) {
        int atX = fromRight ? storedWidth - 1 : 0;
        int atY = fromBottom ? storedHeight - 1 - y : y;
        return transposed ? atX * storedHeight + atY : atY * storedWidth + atX;
    }

    /** How far apart in the upright photo neighbours of a stored row are. */
    int step(int storedHeight) {
        int step = transposed ? storedHeight : 1;
        return fromRight ? -step : step;
    }
}
