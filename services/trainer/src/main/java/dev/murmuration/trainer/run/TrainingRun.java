package dev.murmuration.trainer.run;

import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Validation;
import dev.murmuration.student.StagedBatch;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.Prefetcher;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardLog;
import dev.murmuration.trainer.data.ShardReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * A training run: what is learned, in which order, and its position. A pure function of its plan and of the records of
 * {@code shards}, without a broker or a store; the clock only measures how long it waits for data. A run that is built from a
 * {@link Position} and a {@link TrainingState} continues in the middle of a record as if it had never stopped. Not thread-safe,
 * except that another thread may read its state during {@link TrainingListener#computing}.
 */
public final class TrainingRun implements AutoCloseable {

    /** Outcome of handling an end-of-feed marker. */
    public enum FeedEnding {
        /** Other partitions are still open. */
        OPEN,
        /** All partitions have ended and the budget is used up. */
        DONE,
        /** All partitions have ended, and training stopped before the budget was used up. */
        STOPPED
    }

    private final Plan plan;
    private final Training training;
    private final Reservoir reservoir;
    private final List<Sample> validation;
    private final RecordProgress record;
    private final StepQueue steps;
    private final Map<String, TreeSet<Integer>> ended = new TreeMap<>();
    private final long[] perClass;
    private final ShardLog shardLog = new ShardLog();
    private List<DatasetShard> passes = List.of();
    private long fresh;

    /** Starts a run. */
    public TrainingRun(Plan plan, Training training) {
        this.plan = plan;
        this.training = training;
        this.reservoir = new Reservoir(plan.reservoir());
        this.validation = new ArrayList<>();
        this.record = new RecordProgress(plan);
        this.steps = new StepQueue(plan, training);
        this.perClass = new long[Architecture.CLASSES];
    }

    /**
     * Resumes a run.
     *
     * @param position where to resume
     * @param kept the samples of the reservoir, those of {@link Position#reservoir()}
     * @param validation those of {@link Position#validation()}
     */
    public TrainingRun(Plan plan, Training training, Position position, List<Sample> kept, List<Sample> validation) {
        this.passes = position.passes();
        this.plan = plan;
        this.training = training;
        this.reservoir = new Reservoir(plan.reservoir(), kept, position.offered());
        this.validation = new ArrayList<>(validation);
        this.record = new RecordProgress(plan, position);
        this.steps = new StepQueue(plan, training, position);
        this.perClass = position.perClass().stream().mapToLong(Long::longValue).toArray();
        position.ended().forEach((feed, closed) -> ended.put(feed, new TreeSet<>(closed)));
        this.fresh = position.fresh();
    }

    /** The plan of the run. */
    public Plan plan() {
        return plan;
    }

    /** Offset of the next record of {@code shards} to process, or to continue with. */
    public long offset() {
        return record.offset();
    }

    /** Updates so far. */
    public long step() {
        return steps.step();
    }

    /** Samples so far, repeated ones counted. */
    public long samplesSeen() {
        return steps.samplesSeen();
    }

    /** The shards that it has seen since its last checkpoint. */
    public ShardLog shardLog() {
        return shardLog;
    }

    /** The shards of the data set that is trained on in epochs, as they were when the run started; empty for a stream. */
    public List<DatasetShard> passes() {
        return passes;
    }

    /** Sets the data set to train on in epochs. */
    public void trainOn(List<DatasetShard> dataset) {
        passes = List.copyOf(dataset);
    }

    /** Skips a record that has nothing to learn. */
    public void skip(long recordOffset) {
        record.skip(recordOffset);
    }

    /** Skips a record whose shard is gone, and expects the later one that replaces it. */
    public void await(String key, long recordOffset) {
        record.await(key, recordOffset);
    }

    /** Whether the shard that replaces this one is expected; if not, its samples were learned from the older one. */
    public boolean awaits(String replaced) {
        return record.awaited().containsKey(replaced);
    }

    /** The next samples are those of the shard that replaces this one: those of them that were learned from it are left out. */
    public void continueWith(String replaced) {
        record.continueWith(replaced);
    }

    /** The shard that replaces this one has been processed. */
    public void arrived(String replaced) {
        record.awaited().remove(replaced);
    }

    /** Whether more validation samples are needed. */
    public boolean wantsValidation() {
        return validation.size() < plan.validation();
    }

    /** Keeps the first samples of a validation shard, until there are enough. */
    public void validation(List<Sample> samples, long recordOffset) {
        List<Sample> kept = samples.stream()
                .limit(Math.max(0, plan.validation() - validation.size()))
                .toList();
        shardLog.saw(kept);
        validation.addAll(kept);
        skip(recordOffset);
    }

    /**
     * Trains on a shard: each of its samples once, mixed with samples of the reservoir.
     *
     * @param listener called for each step
     * @return whether the shard is done; if not, the run can be resumed later from its position
     * @throws DivergedException if the loss or the gradient is not finite
     */
    public boolean learn(List<Sample> samples, long recordOffset, TrainingListener listener) {
        shardLog.saw(samples);
        long[] counts = perClass.clone();
        samples.forEach(sample -> counts[sample.label()]++);
        List<Sample> atHand = new ArrayList<>(reservoir.samples());
        atHand.addAll(record.begin(recordOffset, samplesSeen(), atHand.size(), plan.replay(), samples));
        if (!work(record.batches(), atHand, counts, Long.MAX_VALUE, 0, false, listener)) {
            return false;
        }
        reservoir.offer(samples, plan.seed(), recordOffset);
        fresh += samples.size();
        System.arraycopy(counts, 0, perClass, 0, counts.length);
        skip(recordOffset);
        return true;
    }

    /**
     * Trains on a part of a data set in one epoch, where the whole is known beforehand.
     *
     * @param samples of the part, each seen once, and repeated ones to fill the last batch
     * @param number of the part over all epochs, in place of a record's offset
     * @param counts samples of each class in the data set
     * @param epoch from 0
     * @param to approximate number of samples seen at the end
     * @param listener called for each step
     * @return whether the part is done
     * @throws DivergedException if the loss or the gradient is not finite
     */
    public boolean pass(
            List<Sample> samples, long number, long[] counts, int epoch, long to, TrainingListener listener) {
        Recipe recipe = plan.recipe();
        shardLog.saw(samples);
        List<Sample> atHand = record.begin(number, samplesSeen(), 0, 0, samples);
        boolean headOnly = epoch < recipe.headEpochs();
        if (!work(record.batches(), atHand, counts, to, recipe.warmupSamples(), headOnly, listener)) {
            return false;
        }
        fresh += epoch == 0 ? samples.size() : 0;
        System.arraycopy(counts, 0, perClass, 0, counts.length);
        skip(number);
        return true;
    }

    /**
     * Handles an end-of-feed marker. After the last one of its feed the run uses up its budget while the learning rate falls.
     *
     * @param listener called for each step
     * @throws DivergedException if the loss or the gradient is not finite
     */
    public FeedEnding end(EndOfFeed marker, long recordOffset, TrainingListener listener) {
        TreeSet<Integer> closed = ended.computeIfAbsent(marker.feed(), feed -> new TreeSet<>());
        TreeSet<Integer> closedNow = new TreeSet<>(closed);
        closedNow.add(marker.partition());
        if (closedNow.size() < marker.of()) {
            closed.add(marker.partition());
            skip(recordOffset);
            return FeedEnding.OPEN;
        }
        record.begin(recordOffset, samplesSeen());
        long workFrom = record.workFrom();
        long to = Math.max((long) Math.ceil(plan.passes() * fresh), workFrom + fresh);
        FinalBatches finish = new FinalBatches(
                plan.seed(),
                recordOffset,
                reservoir.samples().size(),
                to - workFrom,
                plan.batch(),
                plan.recipe().noise().mirror());
        if (!work(finish, reservoir.samples(), perClass, to, workFrom, false, listener)) {
            return FeedEnding.STOPPED;
        }
        ended.remove(marker.feed());
        skip(recordOffset);
        return FeedEnding.DONE;
    }

    // to: samples seen at the end; MAX_VALUE while the feed runs. The rate falls from fallFrom on.
    private boolean work(
            BatchSchedule work,
            List<Sample> atHand,
            long[] counts,
            long to,
            long fallFrom,
            boolean headOnly,
            TrainingListener listener) {
        boolean finishing = to != Long.MAX_VALUE;
        long stepOfFirst = step() - record.batchesDone();
        try (Prefetcher<List<StagedBatch>> prefetcher = new Prefetcher<>(
                record.batchesDone(),
                work.batches(),
                index -> staged(stepOfFirst + index, work.batch(index), atHand, counts))) {
            while (record.batchesDone() < work.batches()) {
                double rate = finishing
                        ? LearningRateSchedule.finishing(plan.recipe(), samplesSeen(), fallFrom, to)
                        : LearningRateSchedule.streaming(plan.recipe(), samplesSeen());
                double share = (record.batchesDone() + 1.0) / work.batches();
                long waiting = System.nanoTime();
                List<StagedBatch> batch = prefetcher.next();
                long waited = System.nanoTime() - waiting;
                long left = (work.batches() - record.batchesDone() - 1) * plan.batch();
                long allLeft = finishing ? Math.max(left, to - samplesSeen() - plan.batch()) : left;
                steps.queue(
                        batch,
                        new StepQueue.Outline(rate, share, finishing, allLeft, waited, headOnly),
                        "record %d of shards".formatted(record.offset()),
                        listener);
                record.batchDone();
                boolean goesOn = report(listener);
                if (!goesOn || !listener.runsAhead()) {
                    steps.settle();
                    goesOn &= report(listener);
                }
                if (!goesOn) {
                    return false;
                }
            }
        }
        steps.settle();
        return report(listener);
    }

    private List<StagedBatch> staged(long step, List<BatchSchedule.Item> items, List<Sample> atHand, long[] counts) {
        return Batch.of(plan, step, items, atHand, counts).staged(plan, step, training);
    }

    private boolean report(TrainingListener listener) {
        return steps.take().map(listener::shouldContinue).orElse(true);
    }

    /** Loss and agreement on the validation samples by the averaged weights; nothing if there are none. */
    public Optional<Validation> validate() {
        return Validator.on(validation, plan, training);
    }

    /**
     * The position of the run.
     *
     * @throws DivergedException if the loss or the gradient of its last step was not finite: then it has none
     */
    public Position position() {
        steps.settle();
        Map<ShardReference, Integer> shards = new LinkedHashMap<>();
        List<List<Integer>> kept = Position.places(reservoir.samples(), shards);
        List<List<Integer>> measured = Position.places(validation, shards);
        Map<String, List<Integer>> closed = new TreeMap<>();
        ended.forEach((feed, partitions) -> closed.put(feed, List.copyOf(partitions)));
        return new Position(
                plan.run(),
                plan.architecture().name(),
                plan.fixed(),
                plan.dataset(),
                plan.seed(),
                record.offset(),
                record.batchesDone(),
                record.workFrom(),
                step(),
                samplesSeen(),
                fresh,
                LongStream.of(perClass).boxed().toList(),
                steps.headSteps(),
                steps.loss(),
                List.copyOf(shards.keySet()),
                kept,
                reservoir.offered(),
                measured,
                closed,
                passes,
                List.copyOf(record.awaited().keySet()),
                record.keys(),
                record.learned(),
                new TreeMap<>(record.awaited()));
    }

    /** The student being trained. */
    public Training training() {
        return training;
    }

    /** Frees the student. */
    @Override
    public void close() {
        training.close();
    }
}
