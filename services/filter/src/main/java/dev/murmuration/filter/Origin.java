package dev.murmuration.filter;

import java.time.Instant;
import java.util.Set;

/**
 * Which part of the stream a data set is cut from: so two crawls through one pipeline become two data sets and their union a third.
 *
 * @param sources the feeds; empty: every feed
 * @param since the first moment at which a tweet may have been created
 * @param until the first moment at which it may not any more
 */
record Origin(Set<String> sources, Instant since, Instant until) {

    static final Origin EVERYWHERE = new Origin(Set.of(), Instant.MIN, Instant.MAX);

    Origin {
        sources = Set.copyOf(sources);
        if (!since.isBefore(until)) {
            throw new IllegalArgumentException("since %s is not before until %s".formatted(since, until));
        }
    }

    /** At any time. */
    static Origin of(Set<String> sources) {
        return new Origin(sources, Instant.MIN, Instant.MAX);
    }

    boolean has(String source, Instant createdAt) {
        return (sources.isEmpty() || sources.contains(source))
                && !createdAt.isBefore(since)
                && createdAt.isBefore(until);
    }
}
