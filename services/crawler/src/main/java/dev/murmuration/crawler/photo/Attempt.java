package dev.murmuration.crawler.photo;

import java.time.Duration;

/** One photo's time and memory, for all requests for it. Not thread-safe. */
final class Attempt {

    private final Room room;
    private long nanosLeft;
    private long reserved = -1;

    Attempt(Room room, long nanos) {
        this.room = room;
        this.nanosLeft = nanos;
    }

    /** Nanoseconds. */
    long left() {
        return nanosLeft;
    }

    void left(long nanos) {
        nanosLeft = nanos;
    }

    boolean canWait(Duration time) {
        return time.compareTo(Duration.ofNanos(nanosLeft)) < 0;
    }

    void await(Duration time) throws InterruptedException {
        Thread.sleep(time);
        nanosLeft -= time.toNanos();
    }

    /** Reserves room for so many bytes, once; returns false if what was reserved before is less. */
    boolean reserve(long bytes) throws InterruptedException {
        if (reserved < 0) {
            room.reserve(bytes);
            reserved = bytes;
        }
        return bytes <= reserved;
    }
}
