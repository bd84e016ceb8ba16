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
 * The one operator that knows what every data set has kept: near duplicates, then balance, then the split. It reads a single partition, so that its decisions
 * are a pure function of the order there. What it knows lies in the stores; the index in memory is rebuilt from them whenever the task starts.
 */
public final class Decider implements Processor<byte[], byte @Nullable [], byte[], Step> {

    /** Photo, as tweet id and index, to {@link Kept}. */
    public static final String KEPT = "kept";
    /** Data set to {@link ClassCounts}. */
    static final String COUNTS = "counts";
    /** Feed to {@link FeedEnds}. */
    static final String ENDS = "feed-ends";

    private final Wire wire;
    private final DecisionRules rules;
    private final int outputPartitions;
    private final FilterMetrics metrics;
    private @Nullable State state;

    /**
     * @param wire how what the sieve lets through looks, and what is written
     * @param outputPartitions of labelled-images: so many markers end a feed there
     */
    Decider(Wire wire, DecisionRules rules, int outputPartitions, FilterMetrics metrics) {
        this.wire = wire;
        this.rules = rules;
        this.outputPartitions = outputPartitions;
        this.metrics = metrics;
    }

    /**
     * What a started task knows.
     *
     * @param taken what was read from or put into {@code counts}
     * @param photos all that {@code kept} holds, and perhaps some that it holds no more
     */
    private record State(
            ProcessorContext<byte[], Step> context,
            KeyValueStore<String, byte[]> kept,
            PhotoIds photos,
            KeyValueStore<String, byte[]> counts,
            Map<String, ClassCounts> taken,
            KeyValueStore<String, byte[]> ends,
            NearDuplicates index,
            Optional<Aging> aging) {}

    @Override
    public void init(ProcessorContext<byte[], Step> context) {
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

    private void restore(State known) {
        List<KeyValue<String, Kept>> photos = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> stored = known.kept.all()) {
            stored.forEachRemaining(entry -> photos.add(KeyValue.pair(entry.key, Kept.of(entry.value))));
        }
        // Photos of one tweet have one order; of their ids the shorter has the smaller index.
        photos.sort(Comparator.<KeyValue<String, Kept>>comparingLong(entry -> entry.value.order())
                .thenComparingInt(entry -> entry.key.length())
                .thenComparing(entry -> entry.key));
        photos.forEach(entry -> remember(known, entry.key, entry.value));
    }

    private void remember(State known, String photo, Kept kept) {
        known.photos.add(photo);
        long sets = rules.dataSets().withoutRepeats(kept.dataSets());
        if (sets != 0) {
            known.index.add(kept.hash(), photo, sets);
        }
        known.aging.ifPresent(aging -> aging.kept(new Aging.Photo(photo, kept.at(), kept.order())));
    }

    private static void forget(State known, String photo, Kept kept) {
        known.index.remove(kept.hash(), photo);
        known.kept.delete(photo);
        if (known.photos.forgot()) {
            known.photos.clear();
            try (KeyValueIterator<String, byte[]> stored = known.kept.all()) {
                stored.forEachRemaining(entry -> known.photos.add(entry.key));
            }
        }
    }

    private void forgetOld(State known, long now) {
        for (Aging.Photo old : known.aging.map(aging -> aging.takeOld(now)).orElse(List.of())) {
            byte[] stored = known.kept.get(old.id());
            if (stored != null && Kept.of(stored).order() == old.order()) {
                forget(known, old.id(), Kept.of(stored));
            }
        }
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        State known = state();
        switch (wire.reader().apply(record.headers(), record.value())) {
            case Decoded.Event<ScoredTweet>(ScoredTweet scored) ->
                scored.getTweet().getImages().forEach(image -> decide(known, record, scored, image));
            case Decoded.Ended<ScoredTweet>(EndOfFeed marker) -> end(known, record, marker);
            case Decoded.Tombstone<ScoredTweet> deleted -> forget(known, record);
            case Decoded.Undecodable<ScoredTweet>(String reason) -> {
                metrics.undecodable();
                known.context.forward(DeadLetters.of(wire.names(), record, known.context, reason, wire.mostBytes()));
            }
        }
    }

    /**
     * What becomes of a photo.
     *
     * @param step to the topic that says so
     * @param kept what is to be remembered; null of a photo that is refused
     * @param why it is refused; null of one that is kept
     */
    private record Decision(
            Step step, @Nullable Kept kept, @Nullable Refusals why) {}

    private void decide(State known, Record<byte[], byte @Nullable []> record, ScoredTweet scored, Image image) {
        Tweet tweet = scored.getTweet();
        String photo = tweet.getId() + "/" + image.getIndex();
        // Some feeds take the time from whoever wrote the tweet: none may lie in the future.
        long created = Math.min(tweet.getCreatedAt().toEpochMilli(), record.timestamp());
        forgetOld(known, created);
        if (known.photos.mayHold(photo) && known.kept.get(photo) != null) {
            metrics.redelivered();
            return;
        }
        Decision decision = FaultIsolation.isolate(
                () -> decision(known, record, scored, image, created),
                reason -> refused(Refusals.UNPROCESSABLE, record, tweet, image, reason));
        if (decision.kept() != null) {
            known.kept.put(photo, decision.kept().toBytes());
            remember(known, photo, decision.kept());
            for (String name : decision.kept().dataSets()) {
                count(known, name, decision.kept().label(), 1);
                metrics.took(name, decision.kept().label());
            }
            metrics.labelled();
        } else if (decision.why() != null) {
            metrics.refused(decision.why());
        }
        known.context.forward(record.withValue(decision.step()));
    }

    /** Changes nothing. */
    private Decision decision(
            State known, Record<byte[], byte @Nullable []> record, ScoredTweet scored, Image image, long created) {
        Tweet tweet = scored.getTweet();
        PhotoHash hash = PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
        Confidence confidence = Confidence.of(scored.getScores());
        long takingFrom = rules.dataSets().takingFrom(tweet);
        long sure = takingFrom & rules.dataSets().sureOf(confidence);
        if (sure == 0) {
            // The sieve let it pass by the rules of before a restart.
            Refusals why = takingFrom == 0 ? Refusals.OTHER_SOURCE : Refusals.UNSURE;
            return refused(why, record, tweet, image, "no data set takes it any more");
        }
        NearDuplicates.Repeats repeats = known.index.find(hash, sure);
        long fresh = sure & ~repeats.sets();
        List<DataSet> taking = taking(known, fresh, confidence.label());
        if (!taking.isEmpty()) {
            byte[] value = wire.writer().apply(Topics.LABELLED_IMAGES, labelled(scored, image, confidence, taking));
            long bytes = DeadLetter.bytes(record.key(), value, record.headers());
            if (bytes > wire.mostBytes()) {
                throw new IllegalArgumentException(
                        "its event has %d bytes, %d are possible".formatted(bytes, wire.mostBytes()));
            }
            long order = known.context.recordMetadata().orElseThrow().offset();
            List<String> names = taking.stream().map(DataSet::name).toList();
            return new Decision(
                    new Step(Step.To.LABELLED_IMAGES, value),
                    new Kept(order, created, hash, names, confidence.label()),
                    null);
        }
        if (fresh != 0) {
            String detail = "%s has enough %s photos"
                    .formatted(String.join(", ", rules.dataSets().names(fresh)), confidence.label());
            return refused(Refusals.OVER_REPRESENTED, record, tweet, image, detail);
        }
        String detail = "repeats %s, PDQ distance %d".formatted(repeats.id(), repeats.distance());
        return refused(Refusals.NEAR_DUPLICATE, record, tweet, image, detail);
    }

    private Decision refused(
            Refusals why, Record<byte[], byte @Nullable []> record, Tweet tweet, Image image, String detail) {
        Rejection rejection = why.of(tweet.getId(), image.getIndex(), detail, record.timestamp());
        return new Decision(new Step(Step.To.REJECTIONS, wire.writer().apply(Topics.REJECTIONS, rejection)), null, why);
    }

    /** Those of these data sets that have room for one more photo of the class. */
    private List<DataSet> taking(State known, long fresh, Sentiment label) {
        return rules.dataSets().of(fresh).stream()
                .filter(set -> set.balance().accepts(counts(known, set.name()), label))
                .toList();
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
     * A deletion: what was kept of the tweet is forgotten here and counts no more, and the packer is told. Also where nothing was kept: a relabelling may have kept it, and its readers
     * go by the same list.
     */
    private void forget(State known, Record<byte[], byte @Nullable []> record) {
        metrics.deletion();
        String tweet = new String(record.key(), StandardCharsets.UTF_8);
        List<KeyValue<String, byte[]>> photos = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> stored = known.kept.prefixScan(tweet + "/", new StringSerializer())) {
            stored.forEachRemaining(photos::add);
        }
        for (KeyValue<String, byte[]> photo : photos) {
            Kept kept = Kept.of(photo.value);
            forget(known, photo.key, kept);
            kept.dataSets().forEach(name -> count(known, name, kept.label(), -1));
        }
        known.context.forward(record.withValue(new Step(Step.To.LABELLED_IMAGES, null)));
    }

    /** The end of a feed reaches every partition of the output once it was read on every partition of the input. */
    private void end(State known, Record<byte[], byte @Nullable []> record, EndOfFeed marker) {
        FeedEnds ends = FeedEnds.plus(known.ends.get(marker.feed()), marker);
        if (!ends.complete()) {
            known.ends.put(marker.feed(), ends.toBytes());
            return;
        }
        known.ends.delete(marker.feed());
        for (int partition = 0; partition < outputPartitions; partition++) {
            EndOfFeed out = new EndOfFeed(marker.feed(), partition, outputPartitions);
            RecordHeaders headers = new RecordHeaders();
            headers.add(EndOfFeed.HEADER, out.header());
            known.context.forward(new Record<>(
                    out.key().getBytes(StandardCharsets.UTF_8),
                    new Step(Step.To.LABELLED_IMAGES, null),
                    record.timestamp(),
                    headers));
        }
    }

    private static void count(State known, String dataSet, Sentiment label, long more) {
        ClassCounts counts = counts(known, dataSet).plus(label, more);
        known.taken.put(dataSet, counts);
        known.counts.put(dataSet, counts.toBytes());
    }

    private static ClassCounts counts(State known, String dataSet) {
        return known.taken.computeIfAbsent(dataSet, name -> {
            byte[] stored = known.counts.get(name);
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
