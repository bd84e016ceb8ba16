package dev.murmuration.crawler.photo;

import java.util.Optional;

/**
 * What the first bytes of a photo say, read without a decoder: hostile files are refused by their claimed size before anything allocates for it.
 *
 * @param format by magic bytes
 * @param width the larger of what the file claims as canvas and as first frame, in pixels before any orientation
 * @param height likewise
 * @param exif where the EXIF block (a TIFF structure) stands in the file
 */
record Header(Format format, int width, int height, Optional<Block> exif) {

    /** A part of the file. */
    record Block(int offset, int length) {}

    long pixels() {
        return (long) width * height;
    }
}
