package dev.murmuration.student;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * How a photo lies in its file (EXIF 2.3): 2 mirrored, 3 half a turn, 4 both, 5 to 8 with rows and columns exchanged.
 *
 * @param turned whether rows and columns are exchanged
 * @param fromRight whether columns are counted from the right
 * @param fromBottom whether rows are counted from the bottom
 */
record Orientation(boolean turned, boolean fromRight, boolean fromBottom) {

    static final Orientation UPRIGHT = new Orientation(false, false, false);

    static Orientation of(byte[] photo) {
        try {
            Metadata metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(photo), photo.length);
            ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer orientation = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return orientation == null ? UPRIGHT : numbered(orientation);
        } catch (ImageProcessingException | IOException unreadable) {
            return UPRIGHT; // A photo whose metadata is broken is still a photo; viewers show it as it lies.
        }
    }

    static Orientation numbered(int exif) {
        return new Orientation(
                exif >= 5 && exif <= 8,
                exif == 2 || exif == 3 || exif == 7 || exif == 8,
                exif == 3 || exif == 4 || exif == 6 || exif == 7);
    }

    /** Where in the upright photo a pixel of the file belongs, counted row by row. */
    int place(int x, int y, int width, int height) {
        int atX = fromRight ? width - 1 - x : x;
        int atY = fromBottom ? height - 1 - y : y;
        return turned ? atX * height + atY : atY * width + atX;
    }
}
