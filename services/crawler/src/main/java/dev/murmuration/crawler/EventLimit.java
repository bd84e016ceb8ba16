package dev.murmuration.crawler;

import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.FaultIsolation;

/**
 * Whether an event can be sent, known before it is counted and before a transaction is open: the broker refuses a record over its own limit, and with it the whole
 * transaction, again and again.
 *
 * @param maxBytes bytes of the largest event, and of the largest dead letter
 */
record EventLimit(int maxBytes) {

    /** What it comes to. */
    sealed interface Verdict {}

    /** It can be sent. */
    record Fits() implements Verdict {}

    /** It has more bytes than may be sent. */
    record TooLarge(int bytes) implements Verdict {}

    /** It holds something that the format cannot. */
    record Unencodable(String reason) implements Verdict {}

    Verdict of(Tweet tweet) {
        return FaultIsolation.isolate(
                () -> {
                    // With Avro's own prefix, which is a few bytes longer than the registry's.
                    int bytes = tweet.toByteBuffer().remaining();
                    return bytes > maxBytes ? new TooLarge(bytes) : new Fits();
                },
                reason -> new Unencodable("its event cannot be encoded: " + reason));
    }
}
