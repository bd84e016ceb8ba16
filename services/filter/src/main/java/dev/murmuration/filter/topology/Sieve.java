package dev.murmuration.filter.topology;

import dev.murmuration.filter.dataset.Confidence;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.FaultIsolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The first operator, one for each partition: decodes, and refuses what needs no memory of other photos. Overlap with a benchmark comes before confidence, so
 * that every such photo is counted as what it is.
 */
final class Sieve implements Processor<byte[], byte[], byte[], Step> {

    private final BiFunction<Headers, byte @Nullable [], Decoded<ScoredTweet>> reader;
    private final BiFunction<Topic, SpecificRecord, byte[]> writer;
    private final DataSets dataSets;
    private final NearDuplicates benchmarks;
    private final FilterMetrics metrics;
    private final TopicNames names;
    private final int mostBytes;
    private @Nullable ProcessorContext<byte[], Step> context;

    Sieve(Wire wire, DataSets dataSets, NearDuplicates benchmarks, FilterMetrics metrics) {
        this.names = wire.names();
        this.mostBytes = wire.mostBytes();
        this.reader = wire.reader();
        this.writer = wire.writer();
        this.dataSets = dataSets;
        this.benchmarks = benchmarks;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], Step> context) {
        this.context = context;
    }

    /** What a record gives is decided and encoded before any of it is forwarded, so that a record that fails half-way has one fate. */
    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.apply(record.headers(), record.value())) {
            case Decoded.Event<ScoredTweet>(ScoredTweet scored) ->
                FaultIsolation.isolate(() -> sifted(record, scored), reason -> List.of(buried(record, reason)))
                        .forEach(context()::forward);
            case Decoded.Tombstone<ScoredTweet> deleted ->
                context()
                        .forward(
                                record.key() == null || isTooLarge(record)
                                        ? buried(record, "a deletion without a key, or too large a key")
                                        : record.withValue(new Step(Step.To.CANDIDATES, null)));
            case Decoded.Ended<ScoredTweet>(EndOfFeed marker) ->
                context()
                        .forward(record.withKey(marker.key().getBytes(StandardCharsets.UTF_8))
                                .withValue(new Step(Step.To.CANDIDATES, null)));
            case Decoded.Undecodable<ScoredTweet>(String reason) -> context().forward(buried(record, reason));
        }
    }

    private List<Record<byte[], Step>> sifted(Record<byte[], byte[]> record, ScoredTweet scored) {
        Optional<String> problem = problem(record, scored);
        if (problem.isPresent()) {
            return List.of(buried(record, problem.get()));
        }
        Tweet tweet = scored.getTweet();
        Confidence confidence = Confidence.of(scored.getScores());
        long taking = dataSets.takingFrom(tweet);
        boolean isSure = (taking & dataSets.sureOf(confidence)) != 0;
        List<Record<byte[], Step>> steps = new ArrayList<>();
        List<Refusals> refusals = new ArrayList<>();
        List<Image> candidates = new ArrayList<>();
        for (Image image : tweet.getImages()) {
            NearDuplicates.Repeats overlap = benchmarks.find(hash(image), 1);
            Refusals why;
            String detail;
            if (overlap.sets() != 0) {
                why = Refusals.BENCHMARK_OVERLAP;
                detail = "%s, PDQ distance %d".formatted(overlap.id(), overlap.distance());
            } else if (taking == 0) {
                why = Refusals.OTHER_SOURCE;
                detail = "no data set takes from %s, tag %s, at %s"
                        .formatted(tweet.getSource(), tweet.getTag(), tweet.getCreatedAt());
            } else if (!isSure) {
                why = Refusals.UNSURE;
                detail =
                        "%s %s exceeds no data set's threshold".formatted(confidence.label(), confidence.probability());
            } else {
                candidates.add(image);
                continue;
            }
            refusals.add(why);
            Rejection rejection = why.of(tweet.getId(), image.getIndex(), detail, record.timestamp());
            steps.add(record.withValue(new Step(Step.To.REJECTIONS, writer.apply(Topics.REJECTIONS, rejection))));
        }
        if (!candidates.isEmpty()) {
            // Nothing is encoded again that is as it was.
            byte[] value = candidates.size() == tweet.getImages().size()
                    ? record.value()
                    : writer.apply(Topics.SCORED_TWEETS, with(candidates, scored));
            steps.add(record.withValue(new Step(Step.To.CANDIDATES, value)));
        }
        metrics.tweet();
        refusals.forEach(metrics::refused);
        return steps;
    }

    private static ScoredTweet with(List<Image> images, ScoredTweet scored) {
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet()).setImages(images).build())
                .build();
    }

    /** What makes an event unusable although its bytes are one. */
    private Optional<String> problem(Record<byte[], byte[]> record, ScoredTweet scored) {
        String id = scored.getTweet().getId();
        if (record.key() == null || !id.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            return Optional.of("the key is not the id of the tweet");
        }
        if (isTooLarge(record)) {
            return Optional.of("its event has %d bytes, %d are possible".formatted(record.value().length, mostBytes));
        }
        Scores scores = scored.getScores();
        if (!isProbability(scores.getNegative())
                || !isProbability(scores.getNeutral())
                || !isProbability(scores.getPositive())) {
            return Optional.of("a score is no probability");
        }
        Set<Integer> indices = new HashSet<>();
        for (Image image : scored.getTweet().getImages()) {
            if (image.getIndex() < 0 || !indices.add(image.getIndex())) {
                return Optional.of("photo %d: its index is negative or another's".formatted(image.getIndex()));
            }
            try {
                hash(image);
            } catch (IllegalArgumentException wrong) {
                return Optional.of("photo %d: %s".formatted(image.getIndex(), wrong.getMessage()));
            }
        }
        return Optional.empty();
    }

    private boolean isTooLarge(Record<byte[], byte[]> record) {
        return DeadLetter.bytes(record.key(), record.value(), record.headers()) > mostBytes;
    }

    private static boolean isProbability(double score) {
        return score >= 0 && score <= 1;
    }

    private static PhotoHash hash(Image image) {
        return PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
    }

    private Record<byte[], Step> buried(Record<byte[], byte[]> record, String reason) {
        metrics.undecodable();
        return DeadLetters.of(names, record, context(), reason, mostBytes);
    }

    private ProcessorContext<byte[], Step> context() {
        if (context == null) {
            throw new IllegalStateException("not initialised");
        }
        return context;
    }
}
