package dev.murmuration.local.process;

/**
 * The state of a supervised program.
 *
 * @param program its name
 * @param phase its phase
 * @param pid its process, 0 for none
 * @param restarts number of restarts
 * @param detail one line for a person, may be empty
 */
public record ProgramState(String program, Phase phase, long pid, int restarts, String detail) {

    /** The phases of a program. */
    public enum Phase {
        /** It is running but not ready yet. */
        STARTING,
        /** It is ready. */
        READY,
        /** It was ready and its liveness check fails; if that lasts, it is restarted. The detail says why. */
        HUNG,
        /** It ended unexpectedly and is about to be restarted. */
        RESTARTING,
        /** It ended by itself with status 0. */
        DONE,
        /** It ended and is not restarted; the detail says why. */
        FAILED,
        /** It ended because of wrong settings and is not restarted; the detail names them. */
        MISCONFIGURED
    }

    /** Returns whether it ended and is not restarted. */
    public boolean isGivenUp() {
        return phase == Phase.FAILED || phase == Phase.MISCONFIGURED;
    }
}
