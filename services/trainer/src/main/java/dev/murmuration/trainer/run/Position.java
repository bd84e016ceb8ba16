package dev.murmuration.trainer.run;

import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.PassedShard;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where a run stands: with the weights and moments, all that is needed to go on. Written into the checkpoint as JSON.
 *
 * @param run name of the run
 * @param architecture name of the student's shape
 * @param recipe everything that was set about how it learns, as text: a run is not continued by another recipe
 * @param dataset whose shards it learns
 * @param seed of the run
 * @param offset next record of {@code shards} to be done; the run may be in the middle of it
 * @param batchesDone batches of that record that are done
 * @param workFrom samples that had been seen when that record was begun
 * @param step updates so far
 * @param samplesSeen samples so far, repeated ones counted
 * @param fresh samples so far, each counted once
 * @param perClass those of each class
 * @param headSteps updates of the head alone
 * @param loss mean loss of late, weighted towards the latest; 0 before the first step
 * @param shards every shard that the lists below refer to
 * @param reservoir the samples that are kept to be seen again, each (index into shards, index in the shard)
 * @param offered samples that the reservoir was offered
 * @param validation the samples that it is measured on, as in reservoir
 * @param ended partitions that were closed by an end-of-feed marker, by feed
 * @param passes the data set that is passed over in epochs, as it was when the run began; empty for a stream
 * @param awaited keys of shards that were gone before their turn because another one, still to come, replaces them; older checkpoints have none
 */
public record Position(
        String run,
        String architecture,
        String recipe,
        String dataset,
        long seed,
        long offset,
        long batchesDone,
        long workFrom,
        long step,
        long samplesSeen,
        long fresh,
        List<Long> perClass,
        long headSteps,
        double loss,
        List<KnownShard> shards,
        List<List<Integer>> reservoir,
        long offered,
        List<List<Integer>> validation,
        Map<String, List<Integer>> ended,
        List<PassedShard> passes,
        List<String> awaited) {

    /** A checkpoint that was taken before {@code awaited} existed awaits none. */
    public Position {
        awaited = Objects.requireNonNullElse(awaited, List.of());
    }
}
