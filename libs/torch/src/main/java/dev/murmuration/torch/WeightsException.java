package dev.murmuration.torch;

import java.io.IOException;

/** A weights file that is not what it says: the message names the file, the tensor where there is one, and what is wrong. */
public final class WeightsException extends IOException {

    private static final long serialVersionUID = 1L;

    WeightsException(String message) {
        super(message);
    }

    WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
