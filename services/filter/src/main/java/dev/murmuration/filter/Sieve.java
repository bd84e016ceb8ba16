package dev.murmuration.filter;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The first operator, one for each partition: decodes, and refuses what needs no memory of other photos. Overlap with a benchmark comes before confidence, so
 * that every such photo is counted as what it is.
 */
final class Sieve implements Processor<byte[], byte[], byte[], Step> {

    /** Kafka's default for what one request may hold is 1 MiB; a dead letter has some more headers than what was read. */
    private static final int LARGEST_DEAD_LETTER = 1_000_000;

    private static final byte[] LEFT_OUT = {};

    private final BiFunction<Headers, byte @Nullable [], Decoded<ScoredTweet>> reader;
    private final BiFunction<Topic, SpecificRecord, byte[]> writer;
    private final DataSets dataSets;
    private final NearDuplicates benchmarks;
    private final FilterMetrics metrics;
    private @Nullable ProcessorContext<byte[], Step> context;

    Sieve(Wire wire, DataSets dataSets, NearDuplicates benchmarks, FilterMetrics metrics) {
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

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.apply(record.headers(), record.value())) {
            case Decoded.Event<ScoredTweet>(ScoredTweet scored) ->
                problem(record.key(), scored)
                        .ifPresentOrElse(problem -> bury(record, problem), () -> sift(record, scored));
            case Decoded.Tombstone<ScoredTweet> deleted -> forward(record, new Step.Passed());
            case Decoded.Ended<ScoredTweet> ended -> forward(record, new Step.Passed());
            case Decoded.Undecodable<ScoredTweet>(String reason) -> bury(record, reason);
        }
    }

    private void sift(Record<byte[], byte[]> record, ScoredTweet scored) {
        metrics.tweet();
        Tweet tweet = scored.getTweet();
        Confidence confidence = Confidence.of(scored.getScores());
        boolean isSure = dataSets.sureOf(tweet, confidence) != 0;
        List<Image> candidates = new ArrayList<>();
        for (Image image : tweet.getImages()) {
            NearDuplicates.Repeats overlap = benchmarks.find(hash(image), 1);
            if (overlap.sets() != 0) {
                refuse(
                        record,
                        tweet,
                        image,
                        Refusals.BENCHMARK_OVERLAP,
                        "%s, PDQ distance %d".formatted(overlap.id(), overlap.distance()));
            } else if (!isSure) {
                refuse(
                        record,
                        tweet,
                        image,
                        Refusals.UNSURE,
                        "%s %s exceeds no data set's threshold"
                                .formatted(confidence.label(), confidence.probability()));
            } else {
                candidates.add(image);
            }
        }
        if (!candidates.isEmpty() && candidates.size() == tweet.getImages().size()) {
            // Nothing is encoded again that is as it was.
            forward(record, new Step.Candidate(record.value()));
        } else if (!candidates.isEmpty()) {
            forward(record, new Step.Candidate(writer.apply(Topics.SCORED_TWEETS, with(candidates, scored))));
        }
    }

    private static ScoredTweet with(List<Image> images, ScoredTweet scored) {
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet()).setImages(images).build())
                .build();
    }

    private void refuse(Record<byte[], byte[]> record, Tweet tweet, Image image, Refusals why, String detail) {
        metrics.refused(why);
        forward(record, why.of(tweet.getId(), image.getIndex(), detail, record.timestamp()));
    }

    /** What makes an event unusable although its bytes are one. */
    private static Optional<String> problem(byte @Nullable [] key, ScoredTweet scored) {
        String id = scored.getTweet().getId();
        if (key == null || !id.equals(new String(key, StandardCharsets.UTF_8))) {
            return Optional.of("the key is not the id of the tweet");
        }
        Scores scores = scored.getScores();
        if (!isProbability(scores.getNegative())
                || !isProbability(scores.getNeutral())
                || !isProbability(scores.getPositive())) {
            return Optional.of("a score is no probability");
        }
        for (Image image : scored.getTweet().getImages()) {
            try {
                hash(image);
            } catch (IllegalArgumentException wrong) {
                return Optional.of("photo %d: %s".formatted(image.getIndex(), wrong.getMessage()));
            }
        }
        return Optional.empty();
    }

    private static boolean isProbability(double score) {
        return score >= 0 && score <= 1;
    }

    private static PhotoHash hash(Image image) {
        return PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
    }

    private void bury(Record<byte[], byte[]> record, String reason) {
        metrics.undecodable();
        RecordMetadata read = context().recordMetadata().orElseThrow();
        byte[] value = record.value() == null ? LEFT_OUT : record.value();
        boolean isTooLarge = value.length > LARGEST_DEAD_LETTER;
        Headers headers = DeadLetter.headers(
                record.headers(),
                read.topic(),
                read.partition(),
                read.offset(),
                isTooLarge ? "%s (its %d bytes are left out)".formatted(reason, value.length) : reason);
        forward(record.withHeaders(headers), new Step.Undecodable(isTooLarge ? LEFT_OUT : value));
    }

    private void forward(Record<byte[], byte[]> record, Step step) {
        context().forward(record.withValue(step));
    }

    private ProcessorContext<byte[], Step> context() {
        if (context == null) {
            throw new IllegalStateException("not initialised");
        }
        return context;
    }
}
