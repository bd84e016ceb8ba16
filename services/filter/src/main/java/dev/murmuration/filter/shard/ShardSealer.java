package dev.murmuration.filter.shard;

import static dev.murmuration.schemas.Topics.REJECTIONS;
import static dev.murmuration.schemas.Topics.SHARDS;

import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardName;
import dev.murmuration.shard.ShardWriter;
import dev.murmuration.stage.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Turns a cut into shards in the object store and the records that make them exist. */
final class ShardSealer {

    /** An unknown threshold is not stated as a number. */
    private static final Thresholds UNKNOWN = new Thresholds(Double.NaN, Double.NaN, Double.NaN);

    private final ObjectStore store;
    private final BiFunction<Topic, SpecificRecord, byte[]> writer;
    private final TopicNames names;
    private final Map<String, Thresholds> thresholds;

    /**
     * @param writer encodes an event for its topic
     * @param names of the topics
     * @param thresholds of the data sets that are configured, for labels from before they included their thresholds
     */
    ShardSealer(
            ObjectStore store,
            BiFunction<Topic, SpecificRecord, byte[]> writer,
            TopicNames names,
            Map<String, Thresholds> thresholds) {
        this.store = store;
        this.writer = writer;
        this.names = names;
        this.thresholds = thresholds;
    }

    /** A cut whose shards are in the store, and the records to be committed with its offsets. */
    record Sealed(List<Shard> shards, List<ProducerRecord<byte[], byte[]>> records) {}

    /** Uploads first and encodes everything: after this only the transaction can fail. */
    Sealed seal(Cut cut) {
        List<Shard> shards = new ArrayList<>();
        cut.shards().forEach((name, samples) -> shards.add(upload(cut, name, samples)));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Shard shard : shards) {
            records.add(event(shard));
        }
        for (Rejection rejection : cut.rejections()) {
            records.add(new ProducerRecord<>(
                    names.of(REJECTIONS), utf8(rejection.getTweetId()), writer.apply(REJECTIONS, rejection)));
        }
        records.addAll(cut.deadLetters());
        // A trainer on the main pipeline must not see the end-of-feed marker of a relabelling.
        cut.marker().filter(end -> !names.isRelabelling()).ifPresent(end -> records.add(marker(end)));
        return new Sealed(shards, records);
    }

    private ProducerRecord<byte[], byte[]> event(Shard shard) {
        ProducerRecord<byte[], byte[]> event =
                new ProducerRecord<>(SHARDS.name(), utf8(shard.getDataset()), writer.apply(SHARDS, shard));
        if (names.isRelabelling()) {
            event.headers().add(TopicNames.HEADER, utf8(names.prefix()));
        }
        return event;
    }

    private Shard upload(Cut cut, Cut.Name name, List<Sample> samples) {
        byte[] tar = Sample.tar(samples);
        String sha256 = Sha256.hex(tar);
        String key = ShardName.of(name.dataset(), name.split(), cut.partition(), cut.firstOffset(), sha256);
        store.putIfAbsent(key, tar, sha256, ShardWriter.MEDIA_TYPE);
        Instant newest = samples.stream()
                .map(sample -> sample.labelled().getCreatedAt())
                .max(Instant::compareTo)
                .orElseThrow();
        return new Shard(
                name.dataset(),
                name.split(),
                key,
                sha256,
                (long) tar.length,
                samples.size(),
                new PerClass(
                        count(samples, Sentiment.negative),
                        count(samples, Sentiment.neutral),
                        count(samples, Sentiment.positive)),
                cut.partition(),
                cut.firstOffset(),
                cut.lastOffset(),
                samples.getFirst().labelled().getTeacher(),
                samples.getFirst()
                        .thresholds(name.dataset())
                        .orElseGet(() -> thresholds.getOrDefault(name.dataset(), UNKNOWN)),
                newest);
    }

    /** Tells readers of shards to skip the samples of a deleted tweet. */
    void redact(String tweetId) {
        store.putIfAbsent(Redactions.objectKey(tweetId), Redactions.content(tweetId), "text/plain");
    }

    private static long count(List<Sample> samples, Sentiment label) {
        return samples.stream()
                .map(Sample::labelled)
                .map(LabelledImage::getLabel)
                .filter(label::equals)
                .count();
    }

    /** The topic shards has one partition; the marker keeps its number, since readers wait for all of them. */
    private static ProducerRecord<byte[], byte[]> marker(EndOfFeed end) {
        List<Header> headers = List.of(new RecordHeader(EndOfFeed.HEADER, end.header()));
        return new ProducerRecord<>(SHARDS.name(), null, utf8(end.key()), null, headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
