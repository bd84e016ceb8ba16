package dev.murmuration.crawler;

import dev.murmuration.schemas.Declaration;
import dev.murmuration.schemas.EndOfFeed;

/** A record that the crawler sends to the rest of the pipeline. */
sealed interface Outgoing {

    /** A tweet with its photos. */
    record Tweet(dev.murmuration.schemas.Tweet tweet) implements Outgoing {}

    /** A post or a photo was refused. */
    record Rejection(dev.murmuration.schemas.Rejection rejection) implements Outgoing {}

    /** A tweet that was sent is deleted. */
    record Tombstone(String id) implements Outgoing {}

    /** What an author declared last; replaces what is known of them. */
    record Declared(Declaration declaration) implements Outgoing {}

    /** A delivery that nobody can read, the n-th of its feed. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record DeadLetter(byte[] raw, String reason, long n) implements Outgoing {}

    /** Nothing of this feed follows on that partition. */
    record End(EndOfFeed marker) implements Outgoing {}
}
