package dev.murmuration.trainer.checkpoint;

import ai.djl.Device;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.Shards;
import dev.murmuration.trainer.run.Course;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Begins a run, or goes on with it from the newest checkpoint that the store still has. */
public final class Runs {

    private static final Logger LOG = Logger.getLogger(Runs.class);

    private final Plan plan;
    private final Device device;
    private final Precision precision;
    private final Optional<Path> begin;
    private final boolean newHead;
    private final ObjectStore store;
    private final Shards shards;
    private final WorkFolder work;

    /**
     * Opens runs of one plan.
     *
     * @param begin weights to start from; random ones if empty
     * @param newHead whether the head is random even where the one in those weights would fit
     */
    public Runs(
            Plan plan,
            Device device,
            Precision precision,
            Optional<Path> begin,
            boolean newHead,
            ObjectStore store,
            Shards shards,
            WorkFolder work) {
        this.plan = plan;
        this.device = device;
        this.precision = precision;
        this.begin = begin;
        this.newHead = newHead;
        this.store = store;
        this.shards = shards;
        this.work = work;
    }

    /**
     * A course that stands where the newest usable of these checkpoints stood, or at the beginning if there are none.
     *
     * @param past the run's checkpoints, the newest first
     * @throws SettingException if the run was begun with other settings, or none of its checkpoints is usable
     */
    public Course open(List<Checkpoint> past) {
        for (Checkpoint checkpoint : past) {
            Optional<Course> course = goOn(checkpoint);
            if (course.isPresent()) {
                return course.get();
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

    private Course begin() {
        if (begin.isEmpty()) {
            LOG.infof("run %s begins from random weights, seed %d", plan.run(), plan.seed());
            return new Course(plan, training(TrainingState.begin(plan.architecture(), plan.seed())));
        }
        try {
            TrainingState state = TrainingState.begin(begin.get(), plan.architecture(), newHead, plan.seed());
            LOG.infof("run %s begins from %s, shown %s", plan.run(), begin.get(), plan.pixels());
            return new Course(plan, training(state));
        } catch (IOException unusable) {
            throw new SettingException("trainer.begin", begin.get(), "is unusable: " + unusable.getMessage());
        }
    }

    private Training training(TrainingState state) {
        return Training.from(state, device, precision, plan.recipe().averageDecay() > 0);
    }

    private Optional<Course> goOn(Checkpoint checkpoint) {
        if (!checkpoint.getArchitecture().equals(plan.architecture().name())) {
            throw begunOtherwise(checkpoint.getArchitecture());
        }
        try {
            Path folder = work.make("resume");
            try {
                Fetched<Path> fetched =
                        store.download(checkpoint.getKey(), checkpoint.getSha256(), folder.resolve("checkpoint.tar"));
                if (fetched instanceof Fetched.Found<Path>(Path tar)) {
                    return FaultIsolation.isolate(
                                    () -> Optional.of(
                                            CheckpointTar.read(tar, folder.resolve("parts"), plan.architecture())),
                                    reason -> unusable(checkpoint, reason))
                            .map(this::goOn);
                }
                return unusable(checkpoint, fetched.toString()).map(this::goOn);
            } finally {
                WorkFolder.delete(folder);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("the work folder fails", broken);
        }
    }

    private static Optional<CheckpointTar.Loaded> unusable(Checkpoint checkpoint, String why) {
        LOG.warnf("checkpoint %s cannot be used: %s", checkpoint.getKey(), why);
        return Optional.empty();
    }

    private Course goOn(CheckpointTar.Loaded loaded) {
        Position position = loaded.position();
        if (!position.recipe().equals(plan.fixed())
                || position.seed() != plan.seed()
                || !position.dataset().equals(plan.dataset())) {
            throw begunOtherwise(
                    "data set %s, seed %d, %s".formatted(position.dataset(), position.seed(), position.recipe()));
        }
        List<Sample> kept = shards.at(position.reservoir(), position.shards());
        List<Sample> validation = shards.at(position.validation(), position.shards());
        LOG.infof(
                "run %s goes on at step %d, %d samples, record %d of shards, %d samples at hand",
                plan.run(), position.step(), position.samplesSeen(), position.offset(), kept.size());
        return new Course(plan, training(loaded.state()), position, kept, validation);
    }

    private SettingException begunOtherwise(String how) {
        return new SettingException(
                "trainer.run",
                plan.run(),
                "was begun with other settings (%s); set them back or choose a new name".formatted(how));
    }
}
