package dev.murmuration.weights;

import java.io.IOException;

/** An invalid weights file: the message names the file, the tensor if there is one, and the problem. */
public final class WeightsException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 2_000;

    /** A problem with the file. */
    public WeightsException(String message) {
        super(oneLine(message));
    }

    /** A problem with the file, and its cause. */
    public WeightsException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** Names are untrusted: they may have any length and contain line breaks and control characters. */
    private static String oneLine(String message) {
        String whole = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + " (cut)";
        return whole.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", "\ufffd");
    }
}
