package dev.murmuration.trainer;

import dev.murmuration.trainer.run.TrainingRun;

/**
 * Decides when a checkpoint is due: after a number of samples or an interval, if anything was learned since the last one. Not thread-safe.
 */
final class CheckpointTimer {

    private final TrainerSettings.Checkpoints settings;
    private long step;
    private long samples;
    private long takenAt;

    /** Starts at the position of a run, whose last checkpoint is the one that it was opened from. */
    CheckpointTimer(TrainerSettings.Checkpoints settings, TrainingRun run) {
        this.settings = settings;
        taken(run);
    }

    /** Starts over: a checkpoint of the run as it is now has been committed. */
    void taken(TrainingRun run) {
        step = run.step();
        samples = run.samplesSeen();
        takenAt = System.nanoTime();
    }

    /** Whether anything was learned since the last checkpoint. */
    boolean hasSteps(TrainingRun run) {
        return run.step() > step;
    }

    /** Whether the next checkpoint is due. */
    boolean isDue(TrainingRun run) {
        return hasSteps(run)
                && (run.samplesSeen() - samples >= settings.samples()
                        || System.nanoTime() - takenAt >= settings.interval().toNanos());
    }
}
