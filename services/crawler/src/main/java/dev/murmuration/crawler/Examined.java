package dev.murmuration.crawler;

import dev.murmuration.crawler.feed.Post;
import java.time.Duration;
import java.util.List;

/** A delivery after all that can be done without knowing what came before it: deliveries are examined side by side, and settled in their order. */
sealed interface Examined {

    /** Where the feed goes on after it. */
    String position();

    /** A post that admission refused. */
    record Turned(Post post, Admission.Refused refusal, String position) implements Examined {}

    /**
     * An admitted post with its photos, stored or refused, in their order; those behind them are more than are taken of one post.
     *
     * @param raw the bytes that the post came in
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Pictured(Post post, List<Shot> shots, byte[] raw, String position) implements Examined {}

    /** A post was deleted. */
    record Deleted(String id, String position) implements Examined {}

    /** All posts of an author, by its hash, were deleted. */
    record AuthorDeleted(String authorHash, String position) implements Examined {}

    /** Not readable. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Malformed(byte[] raw, String reason, String position) implements Examined {}

    /** The feed was away for this long and cannot go back. */
    record Gap(Duration length, String position) implements Examined {}
}
