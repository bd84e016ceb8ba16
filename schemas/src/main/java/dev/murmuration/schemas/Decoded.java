package dev.murmuration.schemas;

/**
 * The result of decoding a record of a topic. Every consumer switches over it exhaustively, so that none of the four cases is forgotten.
 *
 * @param <T> the event of the topic
 */
public sealed interface Decoded<T> {

    /** An event of the topic's schema. */
    record Event<T>(T value) implements Decoded<T> {}

    /** A null value: what the key names was deleted. */
    record Tombstone<T>() implements Decoded<T> {}

    /** The feed has no more records; see {@link EndOfFeed}. */
    record Ended<T>(EndOfFeed marker) implements Decoded<T> {}

    /** Bytes that are not an event: they go to the dead letters with this reason, and the consumer goes on. */
    record Undecodable<T>(String reason) implements Decoded<T> {}
}
