package dev.murmuration.filter.topology;

import dev.murmuration.filter.dataset.ClassCounts;
import dev.murmuration.filter.dataset.Confidence;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.FaultIsolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The operator that has the photos of every data set: {@link Selection} decides, this class keeps the state and encodes. It reads
 * a single partition, so its decisions are a pure function of the order there. Its state is in the stores; the index in memory is
 * rebuilt from them when the task starts.
 */
public final class SelectionProcessor implements Processor<byte[], byte @Nullable [], byte[], ProcessorOutput> {

    /** Photo, as tweet id and index, to {@link AcceptedPhoto}. */
    public static final String KEPT = "kept";
    /** Data set to {@link ClassCounts}. */
    static final String COUNTS = "counts";
    /** Feed to {@link FeedEnds}. */
    static final String ENDS = "feed-ends";

    private final EventCodec codec;
    private final DecisionRules rules;
    private final Selection selection;
    private final int outputPartitions;
    private final FilterMetrics metrics;
    private @Nullable State state;

    /**
     * @param codec reads candidates and writes decisions
     * @param outputPartitions number of partitions of labelled-images, and so of end-of-feed markers to emit
     */
    SelectionProcessor(EventCodec codec, DecisionRules rules, int outputPartitions, FilterMetrics metrics) {
        this.codec = codec;
        this.rules = rules;
        this.selection = new Selection(rules);
        this.outputPartitions = outputPartitions;
        this.metrics = metrics;
    }

    /**
     * State of an initialised task.
     *
     * @param taken cache of {@code counts}
     * @param photos ids of all photos in {@code kept}, and possibly of some that were removed
     */
    private record State(
            ProcessorContext<byte[], ProcessorOutput> context,
            KeyValueStore<String, byte[]> kept,
            PhotoIds photos,
            KeyValueStore<String, byte[]> counts,
            Map<String, ClassCounts> taken,
            KeyValueStore<String, byte[]> ends,
            NearDuplicates index,
            Optional<Aging> aging) {}

    @Override
    public void init(ProcessorContext<byte[], ProcessorOutput> context) {
        KeyValueStore<String, byte[]> kept = context.getStateStore(KEPT);
        state = new State(
                context,
                kept,
                new PhotoIds(),
                context.getStateStore(COUNTS),
                new HashMap<>(),
                context.getStateStore(ENDS),
                new NearDuplicates(rules.distance(), rules.quality()),
                rules.age().map(Aging::new));
        restore(state);
    }

    private void restore(State state) {
        List<KeyValue<String, AcceptedPhoto>> photos = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> stored = state.kept.all()) {
            stored.forEachRemaining(entry -> photos.add(KeyValue.pair(entry.key, AcceptedPhoto.of(entry.value))));
        }
        // Photos of one tweet have the same order; the shorter id has the smaller index.
        photos.sort(Comparator.<KeyValue<String, AcceptedPhoto>>comparingLong(entry -> entry.value.order())
                .thenComparingInt(entry -> entry.key.length())
                .thenComparing(entry -> entry.key));
        photos.forEach(entry -> remember(state, entry.key, entry.value));
    }

    private void remember(State state, String photo, AcceptedPhoto kept) {
        state.photos.add(photo);
        long sets = rules.dataSets().withoutRepeats(kept.dataSets());
        if (sets != 0) {
            state.index.add(kept.hash(), photo, sets);
        }
        state.aging.ifPresent(aging -> aging.kept(new Aging.Photo(photo, kept.at(), kept.order())));
    }

    private static void forget(State state, String photo, AcceptedPhoto kept) {
        state.index.remove(kept.hash(), photo);
        state.kept.delete(photo);
        if (state.photos.forgot()) {
            state.photos.clear();
            try (KeyValueIterator<String, byte[]> stored = state.kept.all()) {
                stored.forEachRemaining(entry -> state.photos.add(entry.key));
            }
        }
    }

    private void forgetOld(State state, long now) {
        for (Aging.Photo old : state.aging.map(aging -> aging.takeOld(now)).orElse(List.of())) {
            byte[] stored = state.kept.get(old.id());
            if (stored != null && AcceptedPhoto.of(stored).order() == old.order()) {
                forget(state, old.id(), AcceptedPhoto.of(stored));
            }
        }
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        State state = state();
        switch (codec.reader().apply(record.headers(), record.value())) {
            case Decoded.Event<ScoredTweet>(ScoredTweet scored) ->
                scored.getTweet().getImages().forEach(image -> decide(state, record, scored, image));
            case Decoded.Ended<ScoredTweet>(EndOfFeed marker) -> end(state, record, marker);
            case Decoded.Tombstone<ScoredTweet> deleted -> forget(state, record);
            case Decoded.Undecodable<ScoredTweet>(String reason) -> {
                metrics.undecodable();
                state.context.forward(DeadLetters.of(codec.names(), record, state.context, reason, codec.maxBytes()));
            }
        }
    }

    /**
     * Decision on a photo.
     *
     * @param step the record to forward
     * @param kept the photo to store; null if it is rejected
     * @param why reason of the rejection; null if it is accepted
     */
    private record Decision(
            ProcessorOutput step,
            @Nullable AcceptedPhoto kept,
            @Nullable RejectionReason why) {}

    private void decide(State state, Record<byte[], byte @Nullable []> record, ScoredTweet scored, Image image) {
        Tweet tweet = scored.getTweet();
        String photo = tweet.getId() + "/" + image.getIndex();
        // Some feeds take the time from the author's clock; it may not be in the future.
        long created = Math.min(tweet.getCreatedAt().toEpochMilli(), record.timestamp());
        forgetOld(state, created);
        if (state.photos.mayHold(photo) && state.kept.get(photo) != null) {
            metrics.redelivered();
            return;
        }
        Decision decision = FaultIsolation.isolate(
                () -> decision(state, record, scored, image, created),
                reason -> refused(RejectionReason.UNPROCESSABLE, record, tweet, image, reason));
        if (decision.kept() != null) {
            state.kept.put(photo, decision.kept().toBytes());
            remember(state, photo, decision.kept());
            for (String name : decision.kept().dataSets()) {
                count(state, name, decision.kept().label(), 1);
                metrics.took(name, decision.kept().label());
            }
            metrics.labelled();
        } else if (decision.why() != null) {
            metrics.refused(decision.why());
        }
        state.context.forward(record.withValue(decision.step()));
    }

    /** Decides and encodes without changing any state. */
    private Decision decision(
            State state, Record<byte[], byte @Nullable []> record, ScoredTweet scored, Image image, long created) {
        Tweet tweet = scored.getTweet();
        PhotoHash hash = PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
        Confidence confidence = Confidence.of(scored.getScores());
        return switch (selection.of(tweet, confidence, hash, state.index, name -> counts(state, name))) {
            case Selection.Result.Rejected(RejectionReason why, String detail) ->
                refused(why, record, tweet, image, detail);
            case Selection.Result.Accepted(List<DataSet> by) -> {
                byte[] value = encoded(record, labelled(scored, image, confidence, by));
                long order = state.context.recordMetadata().orElseThrow().offset();
                List<String> names = by.stream().map(DataSet::name).toList();
                yield new Decision(
                        new ProcessorOutput(ProcessorOutput.To.LABELLED_IMAGES, value),
                        new AcceptedPhoto(order, created, hash, names, confidence.label()),
                        null);
            }
        };
    }

    private byte[] encoded(Record<byte[], byte @Nullable []> record, LabelledImage labelled) {
        byte[] value = codec.writer().apply(Topics.LABELLED_IMAGES, labelled);
        long bytes = DeadLetter.bytes(record.key(), value, record.headers());
        if (bytes > codec.maxBytes()) {
            throw new IllegalArgumentException(
                    "its event has %d bytes, more than %d".formatted(bytes, codec.maxBytes()));
        }
        return value;
    }

    private Decision refused(
            RejectionReason why, Record<byte[], byte @Nullable []> record, Tweet tweet, Image image, String detail) {
        Rejection rejection = why.of(tweet.getId(), image.getIndex(), detail, record.timestamp());
        return new Decision(
                new ProcessorOutput(
                        ProcessorOutput.To.REJECTIONS, codec.writer().apply(Topics.REJECTIONS, rejection)),
                null,
                why);
    }

    private LabelledImage labelled(ScoredTweet scored, Image image, Confidence confidence, List<DataSet> taking) {
        Tweet tweet = scored.getTweet();
        return new LabelledImage(
                tweet.getId(),
                tweet.getSource(),
                tweet.getAuthorHash(),
                image,
                rules.keepsText() ? tweet.getText() : null,
                scored.getScores(),
                confidence.label(),
                scored.getTeacher(),
                taking.stream().map(DataSet::name).toList(),
                rules.splits().of(tweet.getId(), tweet.getAuthorHash()),
                tweet.getCreatedAt(),
                tweet.getArrivedAt(),
                taking.stream().map(DataSet::thresholds).toList());
    }

    /**
     * Handles a deletion: removes the tweet's photos from the state and the counts, and forwards the deletion to the packer. Also
     * if no photo was accepted: a relabelling may have accepted one, and its readers use the same list.
     */
    private void forget(State state, Record<byte[], byte @Nullable []> record) {
        metrics.deletion();
        String tweet = new String(record.key(), StandardCharsets.UTF_8);
        List<KeyValue<String, byte[]>> photos = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> stored = state.kept.prefixScan(tweet + "/", new StringSerializer())) {
            stored.forEachRemaining(photos::add);
        }
        for (KeyValue<String, byte[]> photo : photos) {
            AcceptedPhoto kept = AcceptedPhoto.of(photo.value);
            forget(state, photo.key, kept);
            kept.dataSets().forEach(name -> count(state, name, kept.label(), -1));
        }
        state.context.forward(record.withValue(new ProcessorOutput(ProcessorOutput.To.LABELLED_IMAGES, null)));
    }

    /** Ends a feed on every partition of the output once it has ended on every partition of the input. */
    private void end(State state, Record<byte[], byte @Nullable []> record, EndOfFeed marker) {
        FeedEnds ends = FeedEnds.plus(state.ends.get(marker.feed()), marker);
        if (!ends.complete()) {
            state.ends.put(marker.feed(), ends.toBytes());
            return;
        }
        state.ends.delete(marker.feed());
        for (int partition = 0; partition < outputPartitions; partition++) {
            EndOfFeed out = new EndOfFeed(marker.feed(), partition, outputPartitions);
            RecordHeaders headers = new RecordHeaders();
            headers.add(EndOfFeed.HEADER, out.header());
            state.context.forward(new Record<>(
                    out.key().getBytes(StandardCharsets.UTF_8),
                    new ProcessorOutput(ProcessorOutput.To.LABELLED_IMAGES, null),
                    record.timestamp(),
                    headers));
        }
    }

    private static void count(State state, String dataSet, Sentiment label, long more) {
        ClassCounts counts = counts(state, dataSet).plus(label, more);
        state.taken.put(dataSet, counts);
        state.counts.put(dataSet, counts.toBytes());
    }

    private static ClassCounts counts(State state, String dataSet) {
        return state.taken.computeIfAbsent(dataSet, name -> {
            byte[] stored = state.counts.get(name);
            return stored == null ? ClassCounts.NONE : ClassCounts.of(stored);
        });
    }

    private State state() {
        if (state == null) {
            throw new IllegalStateException("not initialised");
        }
        return state;
    }
}
