package dev.murmuration.crawler.feed.live;

import java.time.Duration;

/**
 * What a live feed is given.
 *
 * @param connectTimeout until a connection stands
 * @param stallAfter a connection that is silent for this long, without so much as a sign of life, is dead
 * @param maxMessageBytes longer messages are malformed
 */
public record LiveLimits(Duration connectTimeout, Duration stallAfter, int maxMessageBytes) {}
