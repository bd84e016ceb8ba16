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
 * The first operator, one per partition: decodes, and rejects whatever can be decided without other photos. Overlap with a
 * benchmark is checked before confidence, so that every such photo is counted as one.
 */
final class ThresholdProcessor implements Processor<byte[], byte[], byte[], ProcessorOutput> {

    private final BiFunction<Headers, byte @Nullable [], Decoded<ScoredTweet>> reader;
    private final BiFunction<Topic, SpecificRecord, byte[]> writer;
    private final DataSets dataSets;
    private final NearDuplicates benchmarks;
    private final FilterMetrics metrics;
    private final TopicNames names;
    private final int maxBytes;
    private @Nullable ProcessorContext<byte[], ProcessorOutput> context;

    ThresholdProcessor(EventCodec codec, DataSets dataSets, NearDuplicates benchmarks, FilterMetrics metrics) {
        this.names = codec.names();
        this.maxBytes = codec.maxBytes();
        this.reader = codec.reader();
        this.writer = codec.writer();
        this.dataSets = dataSets;
        this.benchmarks = benchmarks;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], ProcessorOutput> context) {
        this.context = context;
    }

    /** Everything is decided and encoded before anything is forwarded, so that a record that fails halfway has a single outcome. */
    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.apply(record.headers(), record.value())) {
            case Decoded.Event<ScoredTweet>(ScoredTweet scored) ->
                FaultIsolation.isolate(() -> filtered(record, scored), reason -> List.of(deadLetter(record, reason)))
                        .forEach(context()::forward);
            case Decoded.Tombstone<ScoredTweet> deleted ->
                context()
                        .forward(
                                record.key() == null || isTooLarge(record)
                                        ? deadLetter(record, "a deletion without a key, or too large a key")
                                        : record.withValue(new ProcessorOutput(ProcessorOutput.To.CANDIDATES, null)));
            case Decoded.Ended<ScoredTweet>(EndOfFeed marker) ->
                context()
                        .forward(record.withKey(marker.key().getBytes(StandardCharsets.UTF_8))
                                .withValue(new ProcessorOutput(ProcessorOutput.To.CANDIDATES, null)));
            case Decoded.Undecodable<ScoredTweet>(String reason) -> context().forward(deadLetter(record, reason));
        }
    }

    private List<Record<byte[], ProcessorOutput>> filtered(Record<byte[], byte[]> record, ScoredTweet scored) {
        Optional<String> problem = problem(record, scored);
        if (problem.isPresent()) {
            return List.of(deadLetter(record, problem.get()));
        }
        Tweet tweet = scored.getTweet();
        Confidence confidence = Confidence.of(scored.getScores());
        long taking = dataSets.takingFrom(tweet);
        boolean isSure = (taking & dataSets.sureOf(confidence)) != 0;
        List<Record<byte[], ProcessorOutput>> outputs = new ArrayList<>();
        List<RejectionReason> reasons = new ArrayList<>();
        List<Image> candidates = new ArrayList<>();
        for (Image image : tweet.getImages()) {
            NearDuplicates.Repeats overlap = benchmarks.find(hash(image), 1);
            RejectionReason reason;
            String detail;
            if (overlap.sets() != 0) {
                reason = RejectionReason.BENCHMARK_OVERLAP;
                detail = "%s, PDQ distance %d".formatted(overlap.id(), overlap.distance());
            } else if (taking == 0) {
                reason = RejectionReason.OTHER_SOURCE;
                detail = "no data set takes from %s, tag %s, at %s"
                        .formatted(tweet.getSource(), tweet.getTag(), tweet.getCreatedAt());
            } else if (!isSure) {
                reason = RejectionReason.UNSURE;
                detail =
                        "%s %s exceeds no data set's threshold".formatted(confidence.label(), confidence.probability());
            } else {
                candidates.add(image);
                continue;
            }
            reasons.add(reason);
            Rejection rejection = reason.of(tweet.getId(), image.getIndex(), detail, record.timestamp());
            outputs.add(record.withValue(
                    new ProcessorOutput(ProcessorOutput.To.REJECTIONS, writer.apply(Topics.REJECTIONS, rejection))));
        }
        if (!candidates.isEmpty()) {
            // An unchanged event is not encoded again.
            byte[] value = candidates.size() == tweet.getImages().size()
                    ? record.value()
                    : writer.apply(Topics.SCORED_TWEETS, with(candidates, scored));
            outputs.add(record.withValue(new ProcessorOutput(ProcessorOutput.To.CANDIDATES, value)));
        }
        metrics.tweet();
        reasons.forEach(metrics::refused);
        return outputs;
    }

    private static ScoredTweet with(List<Image> images, ScoredTweet scored) {
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet()).setImages(images).build())
                .build();
    }

    /** Why a decoded event is unusable. */
    private Optional<String> problem(Record<byte[], byte[]> record, ScoredTweet scored) {
        String id = scored.getTweet().getId();
        if (record.key() == null || !id.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            return Optional.of("the key is not the id of the tweet");
        }
        if (isTooLarge(record)) {
            return Optional.of("its event has %d bytes, more than %d".formatted(bytes(record), maxBytes));
        }
        Scores scores = scored.getScores();
        if (!isProbability(scores.getNegative())
                || !isProbability(scores.getNeutral())
                || !isProbability(scores.getPositive())) {
            return Optional.of("a score is not a probability");
        }
        Set<Integer> indices = new HashSet<>();
        for (Image image : scored.getTweet().getImages()) {
            if (image.getIndex() < 0 || !indices.add(image.getIndex())) {
                return Optional.of("photo %d: its index is negative or not unique".formatted(image.getIndex()));
            }
            try {
                hash(image);
            } catch (IllegalArgumentException e) {
                return Optional.of("photo %d: %s".formatted(image.getIndex(), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private boolean isTooLarge(Record<byte[], byte[]> record) {
        return bytes(record) > maxBytes;
    }

    private static long bytes(Record<byte[], byte[]> record) {
        return DeadLetter.bytes(record.key(), record.value(), record.headers());
    }

    private static boolean isProbability(double score) {
        return score >= 0 && score <= 1;
    }

    private static PhotoHash hash(Image image) {
        return PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
    }

    private Record<byte[], ProcessorOutput> deadLetter(Record<byte[], byte[]> record, String reason) {
        metrics.undecodable();
        return DeadLetters.of(names, record, context(), reason, maxBytes);
    }

    private ProcessorContext<byte[], ProcessorOutput> context() {
        if (context == null) {
            throw new IllegalStateException("not initialised");
        }
        return context;
    }
}
