package dev.murmuration.console.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.murmuration.console.topic.EventListener;
import dev.murmuration.console.topic.Position;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checkpoints by run. Safe for use by several threads. */
public final class Runs implements EventListener<Checkpoint> {

    /** Runs that are remembered, the newest ones. */
    public static final int MAX_RUNS = 100;

    /** Checkpoints of one run that are remembered, the newest ones. */
    public static final int MAX_CHECKPOINTS = 2000;

    /**
     * A student at one step.
     *
     * @param step of the run
     * @param samplesSeen until then
     * @param samplesPerSecond since the checkpoint before; null for the first
     * @param trainLoss since then
     * @param validationLoss on the validation shards; null where it was not measured
     * @param validationAccuracy likewise
     * @param key of the object
     * @param createdAt when it was made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Step(
            long step,
            long samplesSeen,
            @Nullable Double samplesPerSecond,
            double trainLoss,
            @Nullable Double validationLoss,
            @Nullable Double validationAccuracy,
            String key,
            Instant createdAt) {}

    /**
     * A run.
     *
     * @param name its name
     * @param architecture of the student
     * @param recipe by which it learns
     * @param dataset from which
     * @param steps oldest first
     */
    public record Run(String name, String architecture, String recipe, String dataset, List<Step> steps) {

        /** The newest checkpoint. */
        public Step last() {
            return steps.getLast();
        }
    }

    private final LinkedHashMap<String, Deque<Checkpoint>> runs = new LinkedHashMap<>();

    @Override
    public synchronized void event(Checkpoint checkpoint, Position position) {
        Deque<Checkpoint> run = runs.computeIfAbsent(checkpoint.getRun(), name -> new ArrayDeque<>());
        run.addLast(checkpoint);
        if (run.size() > MAX_CHECKPOINTS) {
            run.removeFirst();
        }
        if (runs.size() > MAX_RUNS) {
            runs.pollFirstEntry();
        }
    }

    /** All of them, in the order in which they began. */
    public synchronized List<Run> all() {
        return runs.values().stream().map(Runs::run).toList();
    }

    private static Run run(Deque<Checkpoint> checkpoints) {
        Checkpoint last = checkpoints.getLast();
        @Nullable Checkpoint before = null;
        List<Step> steps = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints) {
            @Nullable Validation validation = checkpoint.getValidation();
            steps.add(new Step(
                    checkpoint.getStep(),
                    checkpoint.getSamplesSeen(),
                    before == null ? null : perSecond(before, checkpoint),
                    checkpoint.getTrainLoss(),
                    validation == null ? null : validation.getLoss(),
                    validation == null ? null : validation.getAccuracy(),
                    checkpoint.getKey(),
                    checkpoint.getCreatedAt()));
            before = checkpoint;
        }
        return new Run(last.getRun(), last.getArchitecture(), last.getRecipe(), last.getDataset(), steps);
    }

    private static @Nullable Double perSecond(Checkpoint before, Checkpoint after) {
        double seconds =
                Duration.between(before.getCreatedAt(), after.getCreatedAt()).toMillis() / 1000.0;
        return seconds <= 0 ? null : (after.getSamplesSeen() - before.getSamplesSeen()) / seconds;
    }

    /** The first checkpoint of each run on this data set whose position in {@code shards} is behind the given one. */
    public synchronized Map<String, Step> firstBehind(String dataset, int partition, long offset) {
        Map<String, Step> first = new LinkedHashMap<>();
        runs.forEach((name, checkpoints) -> {
            Optional<Checkpoint> found = checkpoints.stream()
                    .filter(checkpoint -> checkpoint.getDataset().equals(dataset)
                            && checkpoint.getShardOffsets().stream()
                                    .anyMatch(read -> read.getPartition() == partition && read.getOffset() > offset))
                    .findFirst();
            found.ifPresent(checkpoint ->
                    first.put(name, run(new ArrayDeque<>(List.of(checkpoint))).last()));
        });
        return first;
    }
}
