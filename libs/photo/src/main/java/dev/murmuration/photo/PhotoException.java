package dev.murmuration.photo;

import java.io.IOException;

/** A photo that cannot be used. The message says what is wrong with it, in one line and without any of its bytes. */
public final class PhotoException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kind of refusal it is. */
    public enum Reason {
        /** It is damaged, or ends before it is whole. */
        CORRUPT,
        /** It is no photo, or of a kind that is not decoded. */
        UNSUPPORTED,
        /** It has more pixels than the limit. */
        TOO_LARGE,
        /** A side is shorter than the limit. */
        TOO_SMALL,
        /** It was not decoded within its time. */
        TIMEOUT
    }

    private final Reason reason;

    PhotoException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    PhotoException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static PhotoException corrupt(String message) {
        return new PhotoException(Reason.CORRUPT, message);
    }

    static PhotoException unsupported(String message) {
        return new PhotoException(Reason.UNSUPPORTED, message);
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }
}
