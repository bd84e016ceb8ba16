package dev.murmuration.evaluator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells a long evaluation from one that hangs: it beats whenever photos were measured. */
final class Heartbeat {

    private final Clock clock;
    private volatile Optional<Instant> last = Optional.empty();

    Heartbeat(Clock clock) {
        this.clock = clock;
    }

    /** Something was done just now. */
    void beat() {
        last = Optional.of(clock.instant());
    }

    /** Nothing is to be done until the next beat. */
    void rest() {
        last = Optional.empty();
    }

    /** How long ago the last beat was; nothing at rest. */
    Duration silence() {
        return last.map(instant -> Duration.between(instant, clock.instant())).orElse(Duration.ZERO);
    }
}
