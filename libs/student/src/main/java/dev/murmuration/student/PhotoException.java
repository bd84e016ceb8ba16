package dev.murmuration.student;

import java.io.IOException;

/** A photo that cannot be used: damaged, of no known format, or larger than the limit. The message says which. */
public final class PhotoException extends IOException {

    private static final long serialVersionUID = 1L;

    PhotoException(String message) {
        super(message);
    }

    PhotoException(String message, Throwable cause) {
        super(message, cause);
    }
}
