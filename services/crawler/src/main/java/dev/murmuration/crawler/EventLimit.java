package dev.murmuration.crawler;

import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.FaultIsolation;

/**
 * Checks whether an event can be sent, before it is counted and before a transaction is open: the broker rejects a record over its own
 * limit, and with it the whole transaction, on every retry.
 *
 * @param maxBytes maximum size of an event and of a dead letter, in bytes
 */
record EventLimit(int maxBytes) {

    /** Outcome of the check. */
    sealed interface Verdict {}

    /** The event can be sent. */
    record Fits() implements Verdict {}

    /** The event is too large. */
    record TooLarge(int bytes) implements Verdict {}

    /** The event contains a value that the format cannot represent. */
    record Unencodable(String reason) implements Verdict {}

    Verdict of(Tweet tweet) {
        return FaultIsolation.isolate(
                () -> {
                    // Includes Avro's own prefix, which is a few bytes longer than the registry's.
                    int bytes = tweet.toByteBuffer().remaining();
                    return bytes > maxBytes ? new TooLarge(bytes) : new Fits();
                },
                reason -> new Unencodable("its event cannot be encoded: " + reason));
    }
}
