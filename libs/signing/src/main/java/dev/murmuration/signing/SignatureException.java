package dev.murmuration.signing;

/** A key or a signature that cannot be used; the message says why. */
public final class SignatureException extends Exception {

    private static final long serialVersionUID = 1;

    SignatureException(String message) {
        super(message);
    }

    SignatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
