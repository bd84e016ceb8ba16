package dev.murmuration.local.launch;

import dev.murmuration.local.process.ProgramState;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes down when a program hung, ended, was started again or was given up, and why. Not safe for use by several threads. */
final class RestartLog {

    private final Clock clock;
    private final Consumer<String> log;
    private final Map<String, ProgramState> before = new HashMap<>();

    /**
     * A log of nothing yet.
     *
     * @param log receives each line
     */
    RestartLog(Clock clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    /** Compares these states with the last ones. */
    void tell(List<ProgramState> states) {
        for (ProgramState state : states) {
            ProgramState last = before.put(state.program(), state);
            ProgramState.Phase from = last == null ? ProgramState.Phase.STARTING : last.phase();
            if (from == state.phase()) {
                continue;
            }
            switch (state.phase()) {
                case READY ->
                    say(
                            state,
                            from == ProgramState.Phase.HUNG
                                    ? "answers again"
                                    : "ready, process %d, restarts %d".formatted(state.pid(), state.restarts()));
                case HUNG -> say(state, "hangs: " + state.detail());
                case RESTARTING -> say(state, "ended (%s), started again".formatted(state.detail()));
                case FAILED, MISCONFIGURED -> say(state, "given up: " + state.detail());
                case STARTING, DONE -> {}
            }
        }
    }

    private void say(ProgramState state, String what) {
        log.accept("%s  %s %s".formatted(clock.instant().truncatedTo(ChronoUnit.SECONDS), state.program(), what));
    }
}
