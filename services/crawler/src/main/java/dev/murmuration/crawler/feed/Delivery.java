package dev.murmuration.crawler.feed;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;

/** One item of a feed. */
public sealed interface Delivery {

    /** The position from which to continue after this delivery, in the feed's own format. */
    String position();

    /** A post and its raw bytes, which become the dead letter if it cannot be processed. */
    record Posted(Post post, ByteBuffer raw, String position) implements Delivery {

        private static final int MAX_RAW_BYTES = 1 << 16;

        /** Keeps no raw bytes of a post that is longer than any network's by far, so that the posts that are read ahead fit into memory. */
        public Posted(Post post, byte[] raw, String position) {
            this(post, raw.length > MAX_RAW_BYTES ? ByteBuffer.allocate(0) : ByteBuffer.wrap(raw), position);
        }

        /** A copy of the bytes that it came in. */
        public byte[] bytes() {
            byte[] bytes = new byte[raw.remaining()];
            raw.duplicate().get(bytes);
            return bytes;
        }
    }

    /** A post was deleted by its author. */
    record Deleted(String id, String position) implements Delivery {}

    /** An author left or withdrew everything: all posts of theirs are deleted. */
    record AuthorDeleted(String authorId, String position) implements Delivery {}

    /** An author declared what all posts of theirs are not to be used for; it replaces what they declared earlier. */
    record Declared(String authorId, Set<Preference> preferences, String position) implements Delivery {}

    /** Bytes that do not conform to the feed's protocol. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Malformed(byte[] raw, String reason, String position) implements Delivery {}

    /** A live feed was interrupted and cannot go back: posts between these times may be missing. Does not count as a record. */
    record Gap(Instant from, Instant to, String position) implements Delivery {}
}
