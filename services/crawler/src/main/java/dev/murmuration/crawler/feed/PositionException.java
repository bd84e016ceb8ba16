package dev.murmuration.crawler.feed;

/** A stored cursor does not belong to the feed that is to go on from it: another folder, another seed. */
public final class PositionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says what does not fit. */
    public PositionException(String message) {
        super(message.replaceAll("\\p{Cntrl}", "\uFFFD"));
    }
}
