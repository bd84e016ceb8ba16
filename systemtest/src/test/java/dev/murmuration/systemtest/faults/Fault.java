package dev.murmuration.systemtest.faults;

import java.util.List;

/**
 * What happens to some programs at once.
 *
 * @param programs one or two of them
 * @param stoppedSeconds how long they are stopped (SIGSTOP), as if their machine stood still; 0: they are killed (SIGKILL)
 */
record Fault(List<String> programs, int stoppedSeconds) {

    @Override
    public String toString() {
        String what = stoppedSeconds == 0 ? "kill -9 of " : "%d s of SIGSTOP of ".formatted(stoppedSeconds);
        return what + String.join(" and ", programs);
    }
}
