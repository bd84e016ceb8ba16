package dev.murmuration.evaluator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Distinguishes a long evaluation from one that hangs: beats whenever photos were measured. */
final class Heartbeat {

    private final Clock clock;
    private volatile Optional<Instant> last = Optional.empty();

    Heartbeat(Clock clock) {
        this.clock = clock;
    }

    /** Records progress. */
    void beat() {
        last = Optional.of(clock.instant());
    }

    /** Records that there is no work until the next beat. */
    void rest() {
        last = Optional.empty();
    }

    /** Time since the last beat; zero at rest. */
    Duration silence() {
        return last.map(instant -> Duration.between(instant, clock.instant())).orElse(Duration.ZERO);
    }
}
