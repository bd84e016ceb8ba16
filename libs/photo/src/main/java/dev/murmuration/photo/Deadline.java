package dev.murmuration.photo;

import java.time.Duration;

/**
 * The time by which decoding must finish. The decoding thread checks it wherever the decoder reads or writes, so that no thread continues
 * past it.
 */
final class Deadline {

    private final Duration time;
    private final long end;

    private Deadline(Duration time) {
        this.time = time;
        this.end = System.nanoTime() + time.toNanos();
    }

    static Deadline in(Duration time) {
        return new Deadline(time);
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    void check() throws PhotoException {
        if (isOver()) {
            throw exception();
        }
    }

    PhotoException exception() {
        return new PhotoException(PhotoException.Reason.TIMEOUT, "not decoded within " + time.toMillis() + " ms");
    }
}
