package dev.murmuration.crawler.feed;

/**
 * One line or frame of a feed, without its break.
 *
 * @param whole false if it was longer than the limit and these are only its first bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Message(byte[] bytes, boolean whole) {

    /** Blank: it keeps the connection alive. */
    public boolean isBlank() {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    /** Why this message cannot be read. */
    public String tooLong() {
        return "a line of more than %d bytes".formatted(bytes.length);
    }
}
