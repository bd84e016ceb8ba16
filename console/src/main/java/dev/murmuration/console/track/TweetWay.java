package dev.murmuration.console.track;

import java.time.Instant;
import java.util.List;

/**
 * The way of one tweet.
 *
 * @param id of the tweet
 * @param deleted whether its author deleted it; then the rest says only where it was, and neither text nor photos
 * @param text what it says; empty if that is not known
 * @param photos where to see those that were stored
 * @param steps in the order of the pipeline
 */
public record TweetWay(String id, boolean deleted, String text, List<String> photos, List<Step> steps) {

    /**
     * Something that happened to it.
     *
     * @param stage where
     * @param what in a few words
     * @param detail more of it; may be empty
     * @param at when it was written
     * @param where topic, partition and offset, with slashes between
     */
    public record Step(String stage, String what, String detail, Instant at, String where) {}
}
