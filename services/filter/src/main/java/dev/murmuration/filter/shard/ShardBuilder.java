package dev.murmuration.filter.shard;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.FaultIsolation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Adds records to the open shards of their partition and decides when to cut. A pure state machine: the caller seals what is cut.
 * Not thread-safe.
 */
final class ShardBuilder {

    /**
     * What the caller has to do for a record, in this order.
     *
     * @param deletedTweets tweets whose samples readers have to skip, whether any was sealed or not
     * @param cuts to seal and commit
     */
    record Decision(List<String> deletedTweets, List<Cut> cuts) {}

    private record Partition(OpenShards open, Instant touched) {}

    private final Function<String, CutLimits> limits;
    private final Function<String, String> licenses;
    private final TopicNames names;
    private final int maxBytes;
    private final Clock clock;
    private final Map<Integer, Partition> partitions = new HashMap<>();

    /**
     * @param limits by data set
     * @param licenses by feed; empty if samples state none
     * @param names of the topics
     * @param maxBytes of a dead letter
     */
    ShardBuilder(
            Function<String, CutLimits> limits,
            Function<String, String> licenses,
            TopicNames names,
            int maxBytes,
            Clock clock) {
        this.limits = limits;
        this.licenses = licenses;
        this.names = names;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** Adds a record to what is open of its partition. */
    Decision pack(Arrivals.Arrival arrival) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = arrival.record();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        List<String> deletedTweets = new ArrayList<>();
        List<Cut> cuts = new ArrayList<>();
        switch (arrival.decoded()) {
            case Decoded.Event<LabelledImage>(LabelledImage labelled) -> {
                switch (packed(labelled, photo(arrival.photo().orElseThrow()))) {
                    case Packed.Fit(Sample sample) -> cuts.addAll(add(record, sample));
                    case Packed.Unfit(Photo.Lost lost) -> open(record).reject(record.offset(), labelled, lost, at);
                }
            }
            case Decoded.Tombstone<LabelledImage> deleted -> {
                if (record.key() == null) {
                    open(record).bury(record.offset(), deadLetter(record, "a deletion without a key"));
                } else {
                    String tweetId = new String(record.key(), StandardCharsets.UTF_8);
                    open(record).delete(record.offset(), tweetId, at);
                    deletedTweets.add(tweetId);
                }
            }
            case Decoded.Ended<LabelledImage>(EndOfFeed marker) -> {
                open(record).pass(record.offset());
                cuts.addAll(cut(record.partition(), Optional.of(marker)));
            }
            case Decoded.Undecodable<LabelledImage>(String reason) ->
                open(record).bury(record.offset(), deadLetter(record, reason));
        }
        Partition state = partitions.get(record.partition());
        if (state != null && state.open().hasRefusedMuch()) {
            cuts.addAll(cut(record.partition(), Optional.empty()));
        }
        return new Decision(deletedTweets, cuts);
    }

    /** Whether a labelled photo fits into a shard. */
    private sealed interface Packed {
        record Fit(Sample sample) implements Packed {}

        record Unfit(Photo.Lost lost) implements Packed {}
    }

    private static Photo photo(Future<Photo> fetched) throws InterruptedException {
        try {
            return fetched.get();
        } catch (ExecutionException e) {
            String reason = FaultIsolation.reason(e).orElseThrow(() -> new CompletionException(e.getCause()));
            return new Photo.Lost(Photo.Lost.UNPROCESSABLE, reason);
        }
    }

    private Packed packed(LabelledImage labelled, Photo photo) {
        return switch (photo) {
            case Photo.Lost lost -> new Packed.Unfit(lost);
            case Photo.Ready ready ->
                FaultIsolation.isolate(
                        () -> {
                            if (labelled.getDatasets().isEmpty()) {
                                throw new IllegalArgumentException("no data set took it");
                            }
                            Sample sample = new Sample(labelled, ready, licenses.apply(labelled.getSource()));
                            sample.check();
                            return new Packed.Fit(sample);
                        },
                        reason -> new Packed.Unfit(new Photo.Lost(Photo.Lost.UNPROCESSABLE, reason)));
        };
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        return DeadLetter.of(names, "filter", record, reason, maxBytes);
    }

    private List<Cut> add(ConsumerRecord<byte[], byte[]> record, Sample sample) {
        List<Cut> cuts = new ArrayList<>();
        if (open(record).mustCutBefore(sample)) {
            cuts.addAll(cut(record.partition(), Optional.empty()));
        }
        if (open(record).add(record.offset(), sample)) {
            cuts.addAll(cut(record.partition(), Optional.empty()));
        }
        return cuts;
    }

    /** Cuts the partitions that received nothing for this long. */
    List<Cut> cutIdle(Duration idle) {
        Instant limit = clock.instant().minus(idle);
        List<Integer> idlePartitions = new ArrayList<>();
        partitions.forEach((partition, state) -> {
            if (state.open().hasRead() && state.touched().isBefore(limit)) {
                idlePartitions.add(partition);
            }
        });
        return idlePartitions.stream()
                .flatMap(partition -> cut(partition, Optional.empty()).stream())
                .toList();
    }

    /** Drops what is open of a partition that was reassigned, or that is read again. */
    void forget(int partition) {
        partitions.remove(partition);
    }

    int openSamples() {
        return partitions.values().stream()
                .mapToInt(state -> state.open().samples())
                .sum();
    }

    private OpenShards open(ConsumerRecord<byte[], byte[]> record) {
        Partition before = partitions.get(record.partition());
        OpenShards open = before == null ? new OpenShards(record.partition(), record.offset(), limits) : before.open();
        partitions.put(record.partition(), new Partition(open, clock.instant()));
        return open;
    }

    private List<Cut> cut(int partition, Optional<EndOfFeed> marker) {
        Partition state = partitions.remove(partition);
        return state == null ? List.of() : List.of(state.open().cut(marker));
    }
}
