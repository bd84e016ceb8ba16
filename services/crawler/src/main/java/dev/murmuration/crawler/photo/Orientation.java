package dev.murmuration.crawler.photo;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the stored pixels are to be turned for a person to see the photo upright (EXIF 2.32, tag 0x0112, values 1 to 8).
 *
 * @param transposed rows and columns are exchanged
 * @param flippedX after that, left and right are exchanged
 * @param flippedY after that, top and bottom are exchanged
 */
record Orientation(boolean transposed, boolean flippedX, boolean flippedY) {

    static final Orientation UPRIGHT = new Orientation(false, false, false);

    // In the order of the tag's values 1 to 8.
    private static final Orientation[] BY_VALUE = {
        UPRIGHT,
        new Orientation(false, true, false),
        new Orientation(false, true, true),
        new Orientation(false, false, true),
        new Orientation(true, false, false),
        new Orientation(true, true, false),
        new Orientation(true, true, true),
        new Orientation(true, false, true)
    };

    /** The orientation that the file's EXIF block names; upright if it has none or a broken one. */
    static Orientation of(Header header, byte[] file) {
        return header.exif()
                .map(block -> of(Arrays.copyOfRange(file, block.offset(), block.offset() + block.length())))
                .orElse(UPRIGHT);
    }

    private static Orientation of(byte[] exif) {
        Metadata metadata = new Metadata();
        new ExifReader().extract(new ByteArrayReader(exif), metadata);
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        @Nullable Integer value = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        return value == null || value < 1 || value > BY_VALUE.length ? UPRIGHT : BY_VALUE[value - 1];
    }

    int width(int storedWidth, int storedHeight) {
        return transposed ? storedHeight : storedWidth;
    }

    int height(int storedWidth, int storedHeight) {
        return transposed ? storedWidth : storedHeight;
    }
}
