package dev.murmuration.local.platform;

/** The platform did not come up: the message is one line for a person. */
public final class PlatformException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With what went wrong underneath. */
    public PlatformException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Without a cause. */
    public PlatformException(String message) {
        super(message);
    }
}
