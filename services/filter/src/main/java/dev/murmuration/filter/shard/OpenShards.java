package dev.murmuration.filter.shard;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.shard.ShardWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that are not committed yet, in memory. After a crash they are read again from the committed
 * offset, with the same result: when to cut depends on the records alone.
 */
final class OpenShards {

    /** Name of this stage in {@link Rejection}. */
    static final String STAGE = "shards";

    private static final long MAX_LETTER_BYTES = 16 << 20;
    private static final int MAX_REJECTIONS = 10_000;

    private static final class Open {
        private final List<Sample> samples = new ArrayList<>();
        private long bytes;
        private long tarBytes;
    }

    private final int partition;
    private final Function<String, CutLimits> limits;
    private final Map<Cut.Name, Open> shards = new TreeMap<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
    private final long firstOffset;
    private long letterBytes;
    private long lastOffset;
    private @Nullable Teacher teacher;
    private Instant oldest = Instant.MAX;
    private Instant newest = Instant.MIN;

    /**
     * @param firstOffset of the first record, which follows
     * @param limits by data set
     */
    OpenShards(int partition, long firstOffset, Function<String, CutLimits> limits) {
        this.partition = partition;
        this.firstOffset = firstOffset;
        this.lastOffset = firstOffset - 1;
        this.limits = limits;
    }

    /**
     * Whether this sample may only be added after a cut: it would make a shard too large, span too much time, or was taken by
     * another teacher or other thresholds.
     */
    boolean mustCutBefore(Sample sample) {
        LabelledImage labelled = sample.labelled();
        if (teacher == null) {
            return false;
        }
        Instant from = min(oldest, sample.arrivedAt());
        Instant to = max(newest, sample.arrivedAt());
        return !teacher.equals(labelled.getTeacher())
                || labelled.getDatasets().stream().anyMatch(dataset -> {
                    CutLimits limit = limits.apply(dataset);
                    Open open = shards.get(new Cut.Name(dataset, labelled.getSplit()));
                    return Duration.between(from, to).compareTo(limit.span()) > 0
                            || (open != null
                                    && !open.samples.isEmpty()
                                    && (open.bytes + sample.bytes() > limit.bytes()
                                            || open.tarBytes + sample.tarBytes() > ShardWriter.MAX_BYTES
                                            || !open.samples
                                                    .getFirst()
                                                    .thresholds(dataset)
                                                    .equals(sample.thresholds(dataset))));
                });
    }

    /** Adds a sample to the shards of its data sets. Returns whether one of them is full, so that a cut must follow. */
    boolean add(long offset, Sample sample) {
        LabelledImage labelled = sample.labelled();
        teacher = labelled.getTeacher();
        oldest = min(oldest, sample.arrivedAt());
        newest = max(newest, sample.arrivedAt());
        boolean isFull = false;
        for (String dataset : labelled.getDatasets()) {
            Open open = shards.computeIfAbsent(new Cut.Name(dataset, labelled.getSplit()), name -> new Open());
            open.samples.add(sample);
            open.bytes += sample.bytes();
            open.tarBytes += sample.tarBytes();
            isFull |= open.samples.size() >= limits.apply(dataset).samples();
        }
        lastOffset = offset;
        return isFull;
    }

    /** Rejects a photo that no shard can hold. */
    void reject(long offset, LabelledImage labelled, Photo.Lost lost, Instant at) {
        rejections.add(
                rejection(labelled.getTweetId(), labelled.getImage().getIndex(), lost.reason(), lost.detail(), at));
        lastOffset = offset;
    }

    /** Handles a deleted tweet: removes its samples from the open shards and rejects them. */
    void delete(long offset, String tweetId, Instant at) {
        TreeSet<Integer> dropped = new TreeSet<>();
        for (Open open : shards.values()) {
            for (Sample sample : List.copyOf(open.samples)) {
                if (sample.labelled().getTweetId().equals(tweetId)) {
                    open.samples.remove(sample);
                    open.bytes -= sample.bytes();
                    open.tarBytes -= sample.tarBytes();
                    dropped.add(sample.labelled().getImage().getIndex());
                }
            }
        }
        dropped.forEach(index -> rejections.add(
                rejection(tweetId, index, "deleted", "deleted by its author before its shard was sealed", at)));
        lastOffset = offset;
    }

    /** Adds a record that is not a valid event. */
    void bury(long offset, ProducerRecord<byte[], byte[]> deadLetter) {
        deadLetters.add(deadLetter);
        letterBytes += DeadLetter.bytes(deadLetter.key(), deadLetter.value(), deadLetter.headers());
        lastOffset = offset;
    }

    /** Skips a record. */
    void pass(long offset) {
        lastOffset = offset;
    }

    /** Whether to cut because of the rejections and dead letters in memory. */
    boolean hasRefusedMuch() {
        return letterBytes > MAX_LETTER_BYTES || rejections.size() >= MAX_REJECTIONS;
    }

    /** Whether anything was read since the last cut. */
    boolean hasRead() {
        return lastOffset >= firstOffset;
    }

    int samples() {
        return shards.values().stream().mapToInt(open -> open.samples.size()).sum();
    }

    /** Everything that was added; {@code marker} closes the partition. */
    Cut cut(Optional<EndOfFeed> marker) {
        Map<Cut.Name, List<Sample>> sealed = new LinkedHashMap<>();
        shards.forEach((name, open) -> {
            if (!open.samples.isEmpty()) {
                sealed.put(name, List.copyOf(open.samples));
            }
        });
        return new Cut(
                partition, firstOffset, lastOffset, sealed, List.copyOf(rejections), List.copyOf(deadLetters), marker);
    }

    private static Rejection rejection(String tweetId, int index, String reason, String detail, Instant at) {
        return new Rejection(tweetId, index, STAGE, reason, detail, at);
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant max(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
