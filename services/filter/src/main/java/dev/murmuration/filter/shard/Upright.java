package dev.murmuration.filter.shard;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** Turns photos the way their EXIF block asks for (EXIF 2.32, tag 0x0112, values 1 to 8). */
final class Upright {

    /** The value of a photo that is stored as it is seen. */
    static final int AS_STORED = 1;

    private Upright() {}

    /** The orientation of a file, {@link #AS_STORED} where it names none. */
    static int orientation(String mediaType, byte[] file) {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(file);
            return switch (mediaType) {
                // Only the EXIF block: other blocks of a file are as long as their writer liked.
                case "image/jpeg" -> orientation(JpegMetadataReader.readMetadata(in, List.of(new ExifReader())));
                case "image/webp" -> orientation(WebpMetadataReader.readMetadata(in));
                default -> AS_STORED;
            };
        } catch (IOException | ImageProcessingException broken) {
            return AS_STORED;
        }
    }

    private static int orientation(Metadata metadata) {
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        Integer value = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        return value == null || value < 1 || value > 8 ? AS_STORED : value;
    }

    /** The stored pixels as a person is to see them. */
    static BufferedImage turned(BufferedImage stored, int orientation) {
        if (orientation == AS_STORED) {
            return stored;
        }
        int right = stored.getWidth() - 1;
        int bottom = stored.getHeight() - 1;
        boolean transposed = orientation >= 5;
        BufferedImage seen = new BufferedImage(
                transposed ? bottom + 1 : right + 1, transposed ? right + 1 : bottom + 1, stored.getType());
        for (int y = 0; y < seen.getHeight(); y++) {
            for (int x = 0; x < seen.getWidth(); x++) {
                seen.setRGB(
                        x,
                        y,
                        switch (orientation) {
                            case 2 -> stored.getRGB(right - x, y);
                            case 3 -> stored.getRGB(right - x, bottom - y);
                            case 4 -> stored.getRGB(x, bottom - y);
                            case 5 -> stored.getRGB(y, x);
                            case 6 -> stored.getRGB(y, bottom - x);
                            case 7 -> stored.getRGB(right - y, bottom - x);
                            case 8 -> stored.getRGB(right - y, x);
                            default -> throw new IllegalArgumentException("orientation " + orientation);
                        });
            }
        }
        return seen;
    }
}
