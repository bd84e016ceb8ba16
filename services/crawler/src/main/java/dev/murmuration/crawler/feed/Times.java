package dev.murmuration.crawler.feed;

import java.time.Instant;

/**
 * The two times of a post.
 *
 * @param createdAt when it was posted by its author's word, as far as that can be true
 * @param arrivedAt when the feed handed it over
 */
public record Times(Instant createdAt, Instant arrivedAt) {

    /** Gives a post its times. */
    @FunctionalInterface
    public interface Source {

        /** The times of a post that says it was created then. */
        Times of(Instant said);
    }
}
