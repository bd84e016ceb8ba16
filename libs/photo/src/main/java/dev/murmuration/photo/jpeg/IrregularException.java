package dev.murmuration.photo.jpeg;

import java.io.IOException;

/** Thrown for data that are damaged or of a kind that {@link SequentialJpeg} does not decode. */
public final class IrregularException extends IOException {

    private static final long serialVersionUID = 1L;

    IrregularException(String message) {
        super(message);
    }
}
