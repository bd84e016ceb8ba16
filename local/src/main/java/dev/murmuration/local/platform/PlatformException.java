package dev.murmuration.local.platform;

/** The platform did not start; the message is one human-readable line. */
public final class PlatformException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With its cause. */
    public PlatformException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Without a cause. */
    public PlatformException(String message) {
        super(message);
    }
}
