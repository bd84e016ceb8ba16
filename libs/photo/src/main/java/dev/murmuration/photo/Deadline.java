package dev.murmuration.photo;

import java.time.Duration;

/** When decoding has to be over. It is asked by the thread that decodes, wherever the decoder reads or writes, so that no thread goes on after it. */
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
