package dev.murmuration.photo.vp8;

import java.io.IOException;

/** Thrown for data that are not a whole VP8 frame; the message says what is wrong, in one line. */
public final class Vp8Exception extends IOException {

    private static final long serialVersionUID = 1L;

    Vp8Exception(String message) {
        super(message);
    }
}
