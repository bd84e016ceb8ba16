package dev.murmuration.crawler.feed;

import java.time.Instant;

/** One thing that a feed sent. */
public sealed interface Delivery {

    /** Where to go on after this delivery; its form is the feed's own. */
    String position();

    /** A post. */
    record Posted(Post post, String position) implements Delivery {}

    /** A post was deleted by its author. */
    record Deleted(String id, String position) implements Delivery {}

    /** An author left or withdrew everything: all posts of theirs are deleted. */
    record AuthorDeleted(String authorId, String position) implements Delivery {}

    /** Bytes that are nothing the feed's protocol knows. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Malformed(byte[] raw, String reason, String position) implements Delivery {}

    /** A live feed was away and cannot go back: what was posted between these times may be missing. Counts as no record. */
    record Gap(Instant from, Instant to, String position) implements Delivery {}
}
