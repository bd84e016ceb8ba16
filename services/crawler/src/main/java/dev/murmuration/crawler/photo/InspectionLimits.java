package dev.murmuration.crawler.photo;

import dev.murmuration.photo.Limits;
import java.time.Duration;

/**
 * How large and how small a photo may be, and what decoding it may cost.
 *
 * @param maxPixels pixels of the largest photo that is decoded
 * @param minSide minimum side of an accepted photo, in pixels
 * @param scaledSide longest side of a photo in a shard; a photo whose shorter side would be less than {@code minSide} once it is
 *     scaled to that is refused
 * @param maxScans passes over all pixels that a JPEG may have
 * @param timeout for decoding one photo
 */
public record InspectionLimits(long maxPixels, int minSide, int scaledSide, int maxScans, Duration timeout) {

    private static final int USUAL_SIDE = 512;

    /** These sizes; other limits have their defaults. */
    public InspectionLimits(long maxPixels, int minSide) {
        this(maxPixels, minSide, USUAL_SIDE, Limits.MAX_SCANS, Limits.TIME);
    }

    Limits ofDecoding() {
        return new Limits(maxPixels, minSide, maxScans, timeout);
    }
}
