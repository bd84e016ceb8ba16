package dev.murmuration.filter.dataset;

import dev.murmuration.schemas.Tweet;
import java.time.Instant;
import java.util.Set;

/**
 * Which part of the stream a data set is cut from: so two crawls through one pipeline become two data sets and their union a third.
 *
 * @param sources feeds, and tags of crawls; empty: everything
 * @param since the first moment at which a tweet may have been created
 * @param until the first moment at which it may not any more
 */
public record Origin(Set<String> sources, Instant since, Instant until) {

    /** The whole stream. */
    public static final Origin EVERYWHERE = new Origin(Set.of(), Instant.MIN, Instant.MAX);

    /** @throws IllegalArgumentException unless {@code since} is before {@code until} */
    public Origin {
        sources = Set.copyOf(sources);
        if (!since.isBefore(until)) {
            throw new IllegalArgumentException("since %s is not before until %s".formatted(since, until));
        }
    }

    /** At any time. */
    public static Origin of(Set<String> sources) {
        return new Origin(sources, Instant.MIN, Instant.MAX);
    }

    boolean has(Tweet tweet) {
        return (sources.isEmpty() || sources.contains(tweet.getSource()) || sources.contains(tweet.getTag()))
                && !tweet.getCreatedAt().isBefore(since)
                && tweet.getCreatedAt().isBefore(until);
    }
}
