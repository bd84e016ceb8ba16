package dev.murmuration.trainer.checkpoint;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Validation;
import dev.murmuration.signing.SigningKey;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Position;
import dev.murmuration.trainer.run.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The checkpoints of a run as objects. Keeps the newest ones and the best one. */
public final class CheckpointStore {

    private static final Logger LOG = Logger.getLogger(CheckpointStore.class);

    private final ObjectStore store;
    private final WorkFolder work;
    private final Plan plan;
    private final Clock clock;
    private final int keep;
    private final Optional<SigningKey> key;
    private final List<Checkpoint> kept;

    /**
     * Lists the existing checkpoints.
     *
     * @param keep number of newest checkpoints to keep
     * @param key signs each student, if there is one
     * @param past the run's committed checkpoints, the newest first
     */
    public CheckpointStore(
            ObjectStore store,
            WorkFolder work,
            Plan plan,
            Clock clock,
            int keep,
            Optional<SigningKey> key,
            List<Checkpoint> past) {
        this.store = store;
        this.work = work;
        this.plan = plan;
        this.clock = clock;
        this.keep = keep;
        this.key = key;
        Set<String> there =
                store.list(folder()).stream().map(object -> object.key()).collect(Collectors.toSet());
        this.kept = new ArrayList<>(past.reversed().stream()
                .filter(checkpoint -> there.contains(checkpoint.getKey()))
                .toList());
    }

    private String folder() {
        return "checkpoints/%s/".formatted(plan.run());
    }

    /**
     * Stores a run as an object; the caller commits the event that announces it.
     *
     * @param offsets positions in the shards topic; none for epochs
     */
    public Checkpoint put(TrainingRun run, List<ShardOffset> offsets, Optional<Validation> validation) {
        try {
            Path parts = work.make("checkpoint");
            try {
                Position position = run.position();
                CheckpointArchive.Written written = CheckpointArchive.write(parts, run, key);
                String sha256 = written.sha256();
                String key = "%s%09d-%s.tar".formatted(folder(), position.step(), sha256);
                store.putIfAbsent(key, written.tar(), sha256, "application/x-tar");
                Checkpoint.Builder checkpoint = Checkpoint.newBuilder()
                        .setRun(position.run())
                        .setArchitecture(position.architecture())
                        .setRecipe(plan.recipe().name())
                        .setStep(position.step())
                        .setSamplesSeen(position.samplesSeen())
                        .setKey(key)
                        .setSha256(sha256)
                        .setDataset(position.dataset())
                        .setShardOffsets(offsets)
                        .setTrainLoss(position.loss())
                        .setCreatedAt(clock.instant())
                        .setContinues(run.shardLog().checkpoint())
                        .setLearned(run.shardLog().unrecorded())
                        .setSettings(position.recipe());
                validation.ifPresent(checkpoint::setValidation);
                return checkpoint.build();
            } finally {
                WorkFolder.delete(parts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint cannot be written under trainer.work-folder", e);
        }
    }

    /** A checkpoint as a line of the log. */
    public static String line(Checkpoint checkpoint) {
        Validation validation = checkpoint.getValidation();
        return String.format(
                Locale.ROOT,
                "checkpoint of %s at step %d: loss %.4f%s, %s",
                checkpoint.getRun(),
                checkpoint.getStep(),
                checkpoint.getTrainLoss(),
                validation == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", validation loss %.4f and accuracy %.4f of %d",
                                validation.getLoss(),
                                validation.getAccuracy(),
                                validation.getSamples()),
                checkpoint.getKey());
    }

    /** To be called when a checkpoint's event is committed: deletes what is neither among the newest nor the best. */
    public void committed(Checkpoint checkpoint) {
        kept.add(checkpoint);
        for (Checkpoint old : superseded(kept, keep)) {
            store.delete(old.getKey());
            LOG.debugf("checkpoint %s is superseded", old.getKey());
            kept.remove(old);
        }
    }

    /**
     * The checkpoints that are neither among the newest nor the best, by loss on the validation shards.
     *
     * @param kept the oldest first
     */
    static List<Checkpoint> superseded(List<Checkpoint> kept, int keep) {
        Optional<Checkpoint> best = kept.stream()
                .filter(checkpoint -> checkpoint.getValidation() != null)
                .min(Comparator.comparingDouble(
                        checkpoint -> checkpoint.getValidation().getLoss()));
        return kept.subList(0, Math.max(0, kept.size() - keep)).stream()
                .filter(checkpoint -> best.isEmpty() || !best.get().equals(checkpoint))
                .toList();
    }
}
