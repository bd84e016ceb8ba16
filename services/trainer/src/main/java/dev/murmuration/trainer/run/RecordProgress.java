package dev.murmuration.trainer.run;

import dev.murmuration.trainer.data.Sample;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much of a record of {@code shards} a run has learned. Its batches are planned when the record is started. If samples are
 * deleted before the run resumes in the middle of it, that plan no longer fits: then the samples of the batches that are done are
 * excluded by their keys, and the others get new batches. So no sample is learned twice, even if the rest of the shard arrives
 * later, in another shard that replaces it. Not thread-safe.
 */
final class RecordProgress {

    private final Plan plan;
    private final Set<String> learned = new LinkedHashSet<>();
    private final Map<String, List<String>> awaited = new TreeMap<>();
    private List<String> keys = List.of();
    private double replay;
    private int kept;
    private long offset;
    private long batchesDone;
    private long workFrom;

    /** Before the first record. */
    RecordProgress(Plan plan) {
        this.plan = plan;
        this.replay = plan.replay();
    }

    /** As of a checkpoint. */
    RecordProgress(Plan plan, Position position) {
        this(plan);
        offset = position.offset();
        batchesDone = position.batchesDone();
        workFrom = position.workFrom();
        kept = position.reservoir().size();
        keys = position.recordKeys();
        learned.addAll(position.learnedKeys());
        position.awaited()
                .forEach(key -> awaited.put(key, position.learnedOfAwaited().getOrDefault(key, List.of())));
    }

    /** Offset of the next record to process, or to continue with. */
    long offset() {
        return offset;
    }

    /** Batches of the record that are done. */
    long batchesDone() {
        return batchesDone;
    }

    /** Samples that the run had seen when the record was started. */
    long workFrom() {
        return workFrom;
    }

    /** Keys of the samples that the batches of the record are drawn from, in their order. */
    List<String> keys() {
        return keys;
    }

    /** Keys of the record's samples that were learned before those batches. */
    List<String> learned() {
        return List.copyOf(learned);
    }

    /** Keys of shards that later ones replace, each with the keys of its samples that were learned. */
    Map<String, List<String>> awaited() {
        return awaited;
    }

    /** Finishes or skips a record. */
    void skip(long recordOffset) {
        offset = recordOffset + 1;
        batchesDone = 0;
        keys = List.of();
        learned.clear();
    }

    /** Skips a record whose shard is gone, and expects the later one that replaces it. */
    void await(String key, long recordOffset) {
        if (recordOffset == offset) {
            learned.addAll(keysOfBatchesDone());
        }
        awaited.put(key, List.copyOf(learned));
        skip(recordOffset);
    }

    /** Excludes the samples of an awaited shard that were learned from the one that replaces it. */
    void continueWith(String replaced) {
        learned.addAll(awaited.getOrDefault(replaced, List.of()));
    }

    /**
     * Starts a record, or continues it.
     *
     * @param samplesSeen by the run
     */
    void begin(long recordOffset, long samplesSeen) {
        if (recordOffset != offset || batchesDone == 0) {
            offset = recordOffset;
            batchesDone = 0;
            workFrom = samplesSeen;
        }
    }

    /**
     * Starts a record, or continues it.
     *
     * @param samplesSeen by the run
     * @param reservoir samples in the reservoir, which are repeated
     * @param replays repeated samples per fresh one
     * @param samples of the record
     * @return those that are to be learned, the fresh ones of the batches
     */
    List<Sample> begin(long recordOffset, long samplesSeen, int reservoir, double replays, List<Sample> samples) {
        begin(recordOffset, samplesSeen);
        replay = replays;
        List<Sample> fresh = without(learned, samples);
        boolean isPlanKnown = !keys.isEmpty(); // Checkpoints of before did not tell.
        if (batchesDone > 0 && isPlanKnown && (kept != reservoir || !keys.equals(keys(fresh)))) {
            learned.addAll(keysOfBatchesDone());
            batchesDone = 0;
            fresh = without(learned, fresh);
        }
        kept = reservoir;
        keys = keys(fresh);
        return fresh;
    }

    /** A batch is done. */
    void batchDone() {
        batchesDone++;
    }

    private Set<String> keysOfBatchesDone() {
        Set<String> done = new LinkedHashSet<>();
        if (!keys.isEmpty()) {
            BatchSchedule batches = batches();
            for (int i = 0; i < batchesDone; i++) {
                for (BatchSchedule.Item item : batches.batch(i)) {
                    if (item.index() >= kept) {
                        done.add(keys.get(item.index() - kept));
                    }
                }
            }
        }
        return done;
    }

    /** The batches of the record: its items are the reservoir's samples, then the fresh ones. */
    BatchSchedule batches() {
        return new StreamBatches(
                plan.seed(),
                offset,
                kept,
                keys.size(),
                replay,
                plan.batch(),
                plan.recipe().noise().mirror());
    }

    private static List<Sample> without(Set<String> keys, List<Sample> samples) {
        return samples.stream().filter(sample -> !keys.contains(sample.key())).toList();
    }

    private static List<String> keys(List<Sample> samples) {
        List<String> keys = new ArrayList<>(samples.size());
        samples.forEach(sample -> keys.add(sample.key()));
        return keys;
    }
}
