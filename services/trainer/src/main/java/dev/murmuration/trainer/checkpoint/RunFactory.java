package dev.murmuration.trainer.checkpoint;

import ai.djl.Device;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Position;
import dev.murmuration.trainer.run.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Starts a run, or resumes it from the newest checkpoint that the store still has. */
public final class RunFactory {

    private static final Logger LOG = Logger.getLogger(RunFactory.class);

    private final Plan plan;
    private final Device device;
    private final Precision precision;
    private final Optional<Path> initFrom;
    private final boolean newHead;
    private final ObjectStore store;
    private final ShardSource shards;
    private final WorkFolder work;

    /**
     * Opens runs of one plan.
     *
     * @param initFrom weights to start from; random ones if empty
     * @param newHead whether the head is random even where the one in those weights would fit
     */
    public RunFactory(
            Plan plan,
            Device device,
            Precision precision,
            Optional<Path> initFrom,
            boolean newHead,
            ObjectStore store,
            ShardSource shards,
            WorkFolder work) {
        this.plan = plan;
        this.device = device;
        this.precision = precision;
        this.initFrom = initFrom;
        this.newHead = newHead;
        this.store = store;
        this.shards = shards;
        this.work = work;
    }

    /**
     * Resumes from the newest usable one of these checkpoints; starts a new run if there are none.
     *
     * @param past the run's checkpoints, the newest first
     * @throws SettingException if the run was started with other settings, or none of its checkpoints is usable
     */
    public TrainingRun open(List<Checkpoint> past) {
        for (Checkpoint checkpoint : past) {
            Optional<TrainingRun> run = resume(checkpoint);
            if (run.isPresent()) {
                return run.get();
            }
        }
        if (!past.isEmpty()) {
            throw new SettingException(
                    "trainer.run",
                    plan.run(),
                    "none of its %d checkpoints is in the store and usable".formatted(past.size()));
        }
        return begin();
    }

    private TrainingRun begin() {
        if (initFrom.isEmpty()) {
            LOG.infof(
                    "run %s starts from %s, seed %d",
                    plan.run(), plan.architecture().beginning(), plan.seed());
            return new TrainingRun(plan, training(TrainingState.begin(plan.architecture(), plan.seed())));
        }
        try {
            TrainingState state = TrainingState.begin(initFrom.get(), plan.architecture(), newHead, plan.seed());
            LOG.infof("run %s starts from %s, pixels %s", plan.run(), initFrom.get(), plan.pixels());
            return new TrainingRun(plan, training(state));
        } catch (IOException e) {
            throw new SettingException("trainer.init-from", initFrom.get(), "cannot be used: " + e.getMessage());
        }
    }

    private Training training(TrainingState state) {
        return Training.from(state, device, precision, plan.recipe().averageDecay() > 0);
    }

    private Optional<TrainingRun> resume(Checkpoint checkpoint) {
        if (!checkpoint.getArchitecture().equals(plan.architecture().name())) {
            throw startedDifferently(checkpoint.getArchitecture());
        }
        try {
            Path folder = work.make("resume");
            try {
                Fetched<Path> fetched =
                        store.download(checkpoint.getKey(), checkpoint.getSha256(), folder.resolve("checkpoint.tar"));
                if (fetched instanceof Fetched.Found<Path>(Path tar)) {
                    return FaultIsolation.isolate(
                                    () -> Optional.of(
                                            CheckpointArchive.read(tar, folder.resolve("parts"), plan.architecture())),
                                    reason -> unusable(checkpoint, reason))
                            .map(loaded -> resume(loaded, checkpoint));
                }
                return unusable(checkpoint, fetched.toString()).map(loaded -> resume(loaded, checkpoint));
            } finally {
                WorkFolder.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the work folder failed", e);
        }
    }

    private static Optional<CheckpointArchive.Loaded> unusable(Checkpoint checkpoint, String why) {
        LOG.warnf("checkpoint %s cannot be used: %s", checkpoint.getKey(), why);
        return Optional.empty();
    }

    private TrainingRun resume(CheckpointArchive.Loaded loaded, Checkpoint checkpoint) {
        Position position = loaded.position();
        if (!position.recipe().equals(plan.fixed())
                || position.seed() != plan.seed()
                || !position.dataset().equals(plan.dataset())) {
            throw startedDifferently(
                    "data set %s, seed %d, %s".formatted(position.dataset(), position.seed(), position.recipe()));
        }
        List<Sample> kept = shards.at(position.reservoir(), position.shards());
        List<Sample> validation = shards.at(position.validation(), position.shards());
        LOG.infof(
                "run %s resumes at step %d, %d samples, record %d of shards, %d samples in the reservoir",
                plan.run(), position.step(), position.samplesSeen(), position.offset(), kept.size());
        TrainingRun run = new TrainingRun(plan, training(loaded.state()), position, kept, validation);
        run.shardLog().recordedBy(checkpoint.getSha256());
        return run;
    }

    private SettingException startedDifferently(String how) {
        return new SettingException(
                "trainer.run",
                plan.run(),
                "was started with other settings (%s); restore them or choose a new name".formatted(how));
    }
}
