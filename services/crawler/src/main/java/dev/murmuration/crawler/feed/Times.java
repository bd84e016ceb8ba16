package dev.murmuration.crawler.feed;

import java.time.Instant;

/**
 * The two times of a post.
 *
 * @param createdAt when it was posted, as claimed by its author, if that is plausible
 * @param arrivedAt when the feed delivered it
 */
public record Times(Instant createdAt, Instant arrivedAt) {

    /** Assigns a post its times. */
    @FunctionalInterface
    public interface Source {

        /** Returns the times of a post with this claimed time of creation. */
        Times of(Instant said);
    }
}
