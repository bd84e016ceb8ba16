package dev.murmuration.trainer.run;

import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Position of a run: together with weights and moments, everything needed to resume. Stored in the checkpoint as JSON.
 *
 * @param run name of the run
 * @param architecture name of the student's shape
 * @param recipe all settings that affect training, as text: a run is never resumed with others
 * @param dataset whose shards it learns
 * @param seed of the run
 * @param offset next record of {@code shards} to process; the run may be in the middle of it
 * @param batchesDone batches of that record that are done
 * @param workFrom samples seen when that record was started
 * @param step updates so far
 * @param samplesSeen samples so far, repeated ones counted
 * @param fresh samples so far, each counted once
 * @param perClass those of each class
 * @param headSteps updates of the head alone
 * @param loss exponential moving average of the loss; 0 before the first step
 * @param shards every shard that the lists below refer to
 * @param reservoir the samples that are kept to be seen again, each (index into shards, index in the shard)
 * @param offered samples that the reservoir was offered
 * @param validation the validation samples, as in reservoir
 * @param ended partitions that were closed by an end-of-feed marker, by feed
 * @param passes the data set that epochs train on, as it was when the run started; empty for a stream
 * @param awaited keys of shards that were gone because a later record replaces them; older checkpoints have none
 * @param recordKeys if the run is in the middle of a record, keys of the samples that its batches are drawn from, in their order;
 *     older checkpoints have none
 * @param learnedKeys keys of the record's samples that were learned before those batches
 * @param learnedOfAwaited keys of the samples that were learned of an awaited shard, by its key
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
        List<ShardReference> shards,
        List<List<Integer>> reservoir,
        long offered,
        List<List<Integer>> validation,
        Map<String, List<Integer>> ended,
        List<DatasetShard> passes,
        List<String> awaited,
        List<String> recordKeys,
        List<String> learnedKeys,
        Map<String, List<String>> learnedOfAwaited) {

    /** A checkpoint that was taken before these fields existed has nothing in them. */
    public Position {
        awaited = Objects.requireNonNullElse(awaited, List.of());
        recordKeys = Objects.requireNonNullElse(recordKeys, List.of());
        learnedKeys = Objects.requireNonNullElse(learnedKeys, List.of());
        learnedOfAwaited = Objects.requireNonNullElse(learnedOfAwaited, Map.of());
    }

    /** Where these samples are, each as an index into {@code shards}, to which it adds theirs, and its index in the shard. */
    static List<List<Integer>> places(List<Sample> samples, Map<ShardReference, Integer> shards) {
        List<List<Integer>> places = new ArrayList<>(samples.size());
        for (Sample sample : samples) {
            int shard = shards.computeIfAbsent(sample.shard(), known -> shards.size());
            places.add(List.of(shard, sample.index()));
        }
        return places;
    }
}
