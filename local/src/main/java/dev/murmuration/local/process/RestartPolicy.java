package dev.murmuration.local.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides what happens to a program that ended unexpectedly. Not safe for use by several threads.
 *
 * <p>The first restart is immediate, the pause before each further one within the window doubles, and after too many the program
 * is given up.
 */
final class RestartPolicy {

    /** Exit status of a wrong setting (sysexits EX_CONFIG). Starting again will not help. */
    static final int WRONG_SETTING = 78;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** The decision. */
    sealed interface Decision {
        /** Start it again after a pause. */
        record Again(Duration pause) implements Decision {}

        /** Give it up, with the phase that it is then in. */
        record GiveUp(ProgramState.Phase phase, String why) implements Decision {}
    }

    private final int most;
    private final Duration window;
    private final Deque<Instant> ends = new ArrayDeque<>();

    /** Allows this many restarts within the window. */
    RestartPolicy(int most, Duration window) {
        this.most = most;
        this.window = window;
    }

    Decision after(int exitStatus, Instant at) {
        if (exitStatus == WRONG_SETTING) {
            return new Decision.GiveUp(ProgramState.Phase.MISCONFIGURED, "a wrong setting");
        }
        while (!ends.isEmpty() && ends.peekFirst().isBefore(at.minus(window))) {
            ends.removeFirst();
        }
        ends.addLast(at);
        if (ends.size() > most) {
            return new Decision.GiveUp(
                    ProgramState.Phase.FAILED,
                    "ended %d times within %d s, the last time with exit status %d"
                            .formatted(ends.size(), window.toSeconds(), exitStatus));
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(ends.size() - 1, 10));
        return new Decision.Again(pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE);
    }
}
