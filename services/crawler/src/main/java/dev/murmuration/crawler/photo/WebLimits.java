package dev.murmuration.crawler.photo;

import dev.murmuration.crawler.robots.RobotsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How photos are fetched from the web.
 *
 * @param timeout from the first request to the last byte, redirects and further tries included
 * @param maxBytes maximum size of a body
 * @param redirects maximum number of redirects
 * @param parallel fetches at once in all
 * @param parallelPerHost fetches at once from one host
 * @param ports ports that are connected to
 * @param agent our name in the header {@code User-Agent} and to robots headers
 * @param robots directives of {@code X-Robots-Tag} that forbid a photo, in lower case
 * @param contentUsage labels of Content-Usage that our use falls under, the most specific first
 * @param robotsTxt how robots.txt is honoured; empty if it is not
 * @param retries how busy servers are retried
 */
public record WebLimits(
        Duration timeout,
        int maxBytes,
        int redirects,
        int parallel,
        int parallelPerHost,
        Set<Integer> ports,
        String agent,
        Set<String> robots,
        List<String> contentUsage,
        Optional<RobotsFiles.Limits> robotsTxt,
        Retries retries) {

    /** Labels of Content-Usage: that of training, and those that earlier drafts had for all automated processing. */
    public static final List<String> CONTENT_USAGE = List.of("train-ai", "bots", "all");

    /**
     * How a server is retried that answers 429, 502, 503 or 504 or breaks the connection.
     *
     * @param tries maximum number of requests for a photo
     * @param pause before the second try, doubled before each further one, unless the server says how long to wait
     * @param refusals number of consecutive refusals after which the host is not contacted for a while
     * @param rest for how long
     */
    public record Retries(int tries, Duration pause, int refusals, Duration rest) {

        /** As the settings have it without being set. */
        public static Retries standard() {
            return new Retries(3, Duration.ofMillis(500), 20, Duration.ofMinutes(1));
        }
    }

    /** Copies the collections. */
    public WebLimits {
        ports = Set.copyOf(ports);
        robots = Set.copyOf(robots);
        contentUsage = List.copyOf(contentUsage);
    }

    /** With the standard retries, and without robots.txt. */
    public WebLimits(
            Duration timeout,
            int maxBytes,
            int redirects,
            int parallel,
            int parallelPerHost,
            Set<Integer> ports,
            String agent,
            Set<String> robots) {
        this(
                timeout,
                maxBytes,
                redirects,
                parallel,
                parallelPerHost,
                ports,
                agent,
                robots,
                CONTENT_USAGE,
                Optional.empty(),
                Retries.standard());
    }
}
