package dev.murmuration.weights;

import java.io.IOException;

/** A weights file that is not what it says: the message names the file, the tensor where there is one, and what is wrong. */
public final class WeightsException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 2_000;

    WeightsException(String message) {
        super(oneLine(message));
    }

    WeightsException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** Names come from whoever made the file: they may be of any length and hold line breaks and control characters. */
    private static String oneLine(String message) {
        String whole = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + " (cut)";
        return whole.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", "\ufffd");
    }
}
