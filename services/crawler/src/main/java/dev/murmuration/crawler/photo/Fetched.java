package dev.murmuration.crawler.photo;

/** The result of a fetch. */
public sealed interface Fetched {

    /** The whole body, as it was sent. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Body(byte[] bytes) implements Fetched {}

    /** Nothing was taken. */
    record Refused(Refusal refusal) implements Fetched {}

    /** Shorthand for a refusal. */
    static Fetched refused(Refusal.Reason reason, String detail) {
        return new Refused(new Refusal(reason, detail));
    }
}
