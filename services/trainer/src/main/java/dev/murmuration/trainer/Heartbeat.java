package dev.murmuration.trainer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Tells a long training from one that hangs: it beats at every step. */
@ApplicationScoped
class Heartbeat {

    private static final long AT_REST = Long.MIN_VALUE;

    private volatile long last = AT_REST;

    /** Something was done just now. */
    void beat() {
        last = System.nanoTime();
    }

    /** Nothing is to be done until the next beat. */
    void rest() {
        last = AT_REST;
    }

    /** How long ago the last beat was; nothing at rest. */
    Duration silence() {
        long at = last;
        return at == AT_REST ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - at);
    }
}
