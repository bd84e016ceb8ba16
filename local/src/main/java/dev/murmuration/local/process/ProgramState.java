package dev.murmuration.local.process;

/**
 * How a supervised program is.
 *
 * @param program its name
 * @param phase where it stands
 * @param pid its process, 0 for none
 * @param restarts how often it was started again
 * @param detail one line for a person, may be empty
 */
public record ProgramState(String program, Phase phase, long pid, int restarts, String detail) {

    /** Where a program stands. */
    public enum Phase {
        /** It runs but does not say yet that it is ready. */
        STARTING,
        /** It said that it is ready. */
        READY,
        /** It ended by itself and is about to be started again. */
        RESTARTING,
        /** It ended with status 0 by itself. */
        DONE,
        /** It ended and is not started again; the detail says why. */
        FAILED
    }
}
