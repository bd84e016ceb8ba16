package dev.murmuration.crawler.feed;

import java.nio.ByteBuffer;
import java.time.Instant;

/** One thing that a feed sent. */
public sealed interface Delivery {

    /** Where to go on after this delivery; its form is the feed's own. */
    String position();

    /** A post, and the bytes that it came in: what is left to show of it if nothing can be made of it. */
    record Posted(Post post, ByteBuffer raw, String position) implements Delivery {

        private static final int MOST_RAW_BYTES = 1 << 16;

        /** Keeps no raw bytes of a post that is longer than any network's by far, so that the posts that are read ahead fit into memory. */
        public Posted(Post post, byte[] raw, String position) {
            this(post, raw.length > MOST_RAW_BYTES ? ByteBuffer.allocate(0) : ByteBuffer.wrap(raw), position);
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

    /** Bytes that are nothing the feed's protocol knows. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Malformed(byte[] raw, String reason, String position) implements Delivery {}

    /** A live feed was away and cannot go back: what was posted between these times may be missing. Counts as no record. */
    record Gap(Instant from, Instant to, String position) implements Delivery {}
}
