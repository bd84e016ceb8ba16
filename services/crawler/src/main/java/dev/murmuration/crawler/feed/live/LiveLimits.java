package dev.murmuration.crawler.feed.live;

import java.time.Duration;

/**
 * Limits of a live feed.
 *
 * @param connectTimeout for opening a connection
 * @param stallAfter a connection that is silent for this long is dead
 * @param maxMessageBytes longer messages are malformed
 */
public record LiveLimits(Duration connectTimeout, Duration stallAfter, int maxMessageBytes) {}
