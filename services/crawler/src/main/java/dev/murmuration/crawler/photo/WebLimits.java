package dev.murmuration.crawler.photo;

import java.time.Duration;
import java.util.Set;

/**
 * How photos are fetched from the web.
 *
 * @param timeout from the first request to the last byte, redirects included
 * @param maxBytes bytes of the largest body that is taken
 * @param redirects how many redirects are followed
 * @param parallel fetches at once in all
 * @param parallelPerHost fetches at once from one host
 * @param ports ports that are connected to
 * @param agent our name in the header {@code User-Agent} and to robots headers
 * @param robots directives of {@code X-Robots-Tag} that forbid a photo, in lower case
 */
public record WebLimits(
        Duration timeout,
        int maxBytes,
        int redirects,
        int parallel,
        int parallelPerHost,
        Set<Integer> ports,
        String agent,
        Set<String> robots) {

    /** Copies the sets. */
    public WebLimits {
        ports = Set.copyOf(ports);
        robots = Set.copyOf(robots);
    }
}
