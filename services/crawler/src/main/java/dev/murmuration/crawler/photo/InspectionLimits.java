package dev.murmuration.crawler.photo;

/**
 * How large and how small a photo may be.
 *
 * @param maxPixels pixels of the largest photo that is decoded
 * @param minSide pixels of the shortest side that is taken
 */
public record InspectionLimits(long maxPixels, int minSide) {}
