package dev.murmuration.photo;

import java.time.Duration;

/**
 * Limits on the untrusted photos that are decoded.
 *
 * @param maxPixels maximum number of pixels
 * @param minSide minimum side in pixels
 * @param maxScans maximum number of scans of a JPEG: each costs a pass over all pixels, however few bytes it has
 * @param time maximum decoding time
 */
public record Limits(long maxPixels, int minSide, int maxScans, Duration time) {

    /** 40 megapixels. */
    public static final long MAX_PIXELS = 40_000_000;

    /** Progressive photos have about ten scans. */
    public static final int MAX_SCANS = 100;

    /** A photo of 40 megapixels takes a few seconds. */
    public static final Duration TIME = Duration.ofSeconds(20);

    /** Checks the values. */
    public Limits {
        if (maxPixels < 1 || minSide < 1 || maxScans < 1 || !time.isPositive()) {
            throw new IllegalArgumentException(
                    "limits: %d pixels, side %d, %d scans, %s".formatted(maxPixels, minSide, maxScans, time));
        }
    }

    /** Returns the default limits with this maximum number of pixels. */
    public static Limits pixels(long maxPixels) {
        return of(maxPixels, 1);
    }

    /** Returns the default limits with this maximum number of pixels and this minimum side. */
    public static Limits of(long maxPixels, int minSide) {
        return new Limits(maxPixels, minSide, MAX_SCANS, TIME);
    }

    void check(Header header) throws PhotoException {
        String size = header.width() + " x " + header.height() + " pixels";
        if (header.width() <= 0 || header.height() <= 0) {
            throw PhotoException.corrupt(size);
        }
        if (header.pixels() > maxPixels) {
            throw new PhotoException(PhotoException.Reason.TOO_LARGE, size + ", more than " + maxPixels);
        }
        if (Math.min(header.width(), header.height()) < minSide) {
            throw new PhotoException(PhotoException.Reason.TOO_SMALL, size + ", a side is less than " + minSide);
        }
        if (header.scans() > maxScans) {
            throw PhotoException.corrupt("JPEG of %d scans, more than %d".formatted(header.scans(), maxScans));
        }
    }
}
