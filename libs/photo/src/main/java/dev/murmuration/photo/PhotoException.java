package dev.murmuration.photo;

import java.io.IOException;

/** A photo that cannot be used. The message says what is wrong with it, in one line and without any of its bytes. */
public final class PhotoException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The reason for a refusal. */
    public enum Reason {
        /** It is damaged or truncated. */
        CORRUPT,
        /** It is not a photo, or of a kind that is not supported. */
        UNSUPPORTED,
        /** It has more pixels than the limit. */
        TOO_LARGE,
        /** A side is below the minimum. */
        TOO_SMALL,
        /** It was not decoded in time. */
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

    /** The reason for a refusal. */
    public Reason reason() {
        return reason;
    }
}
