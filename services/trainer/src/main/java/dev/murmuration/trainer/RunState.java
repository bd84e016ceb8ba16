package dev.murmuration.trainer;

import java.util.Optional;

/**
 * Where the trainer is between its start and its end. A state leads only to those after it, so that a stop, which needs no lock,
 * is never undone by the thread that trains.
 */
sealed interface RunState {

    /** No run is open: in the mode epochs none is opened. */
    record NotOpen() implements RunState {}

    /** Shards are learned, and checkpoints taken when they are due. */
    record Learning(OpenRun run) implements RunState {}

    /** The process was asked to stop before a run was open. */
    record StoppedUnopened() implements RunState {}

    /** The process was asked to stop: the step in progress ends, and what was learned is saved. */
    record Stopping(OpenRun run) implements RunState {}

    /** A step or a checkpoint failed. It may have been committed after all, so nothing more is: the next start finds out. */
    record Failed(OpenRun run) implements RunState {}

    /** The state after the run was opened. */
    static RunState opened(RunState state, OpenRun run) {
        return switch (state) {
            case NotOpen notOpen -> new Learning(run);
            case StoppedUnopened stopped -> new Stopping(run);
            case Learning learning -> learning;
            case Stopping stopping -> stopping;
            case Failed failed -> failed;
        };
    }

    /** The state after the process was asked to stop. */
    static RunState stopped(RunState state) {
        return switch (state) {
            case NotOpen notOpen -> new StoppedUnopened();
            case Learning(OpenRun run) -> new Stopping(run);
            case StoppedUnopened stopped -> stopped;
            case Stopping stopping -> stopping;
            case Failed failed -> failed;
        };
    }

    /** The state after a step or a checkpoint has failed. */
    static RunState failed(RunState state) {
        return state.open().<RunState>map(Failed::new).orElse(state);
    }

    /** The run, once it is open. */
    default Optional<OpenRun> open() {
        return switch (this) {
            case NotOpen notOpen -> Optional.empty();
            case StoppedUnopened stopped -> Optional.empty();
            case Learning(OpenRun run) -> Optional.of(run);
            case Stopping(OpenRun run) -> Optional.of(run);
            case Failed(OpenRun run) -> Optional.of(run);
        };
    }

    /**
     * The run.
     *
     * @throws IllegalStateException before it is open
     */
    default OpenRun opened() {
        return open().orElseThrow(() -> new IllegalStateException("the run is not open yet"));
    }

    /** Whether what is in progress must come to an end. */
    default boolean isEnding() {
        return switch (this) {
            case NotOpen notOpen -> false;
            case Learning learning -> false;
            case StoppedUnopened stopped -> true;
            case Stopping stopping -> true;
            case Failed failed -> true;
        };
    }
}
