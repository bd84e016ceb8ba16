package dev.murmuration.crawler.examine;

import dev.murmuration.crawler.feed.Post;
import dev.murmuration.crawler.feed.Preference;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A delivery after everything that is independent of earlier ones: deliveries are examined concurrently, and settled in order. */
public sealed interface Examined {

    /** Position of the feed after it. */
    String position();

    /** A post that admission refused. */
    record Rejected(Post post, Admission.Refused refusal, String position) implements Examined {}

    /**
     * An admitted post with its photos, stored or refused, in their order, up to the maximum per post.
     *
     * @param raw the bytes that the post came in
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Admitted(Post post, List<PhotoResult> shots, byte[] raw, String position) implements Examined {}

    /** A post was deleted. */
    record Deleted(String id, String position) implements Examined {}

    /** All posts of an author, by its hash, were deleted. */
    record AuthorDeleted(String authorHash, String position) implements Examined {}

    /** An author, by its hash, declared what all their posts are not to be used for. */
    record Declared(String authorHash, Set<Preference> preferences, String position) implements Examined {}

    /** Not readable. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Malformed(byte[] raw, String reason, String position) implements Examined {}

    /** The feed was disconnected for this long and cannot replay. */
    record Gap(Duration length, String position) implements Examined {}
}
