package dev.murmuration.filter.topology;

import dev.murmuration.filter.dataset.ClassCounts;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology in a driver: tweets in, what came of them out. Events are in Avro's single-object encoding, since no registry is asked. */
public final class Filtering implements AutoCloseable {

    static final int OUTPUT_PARTITIONS = 2;
    public static final int MAX_BYTES = 1_000_000;
    static final EventCodec WIRE =
            new EventCodec(Filtering::decoded, (topic, event) -> bytes(event), TopicNames.PLAIN, MAX_BYTES);

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> tweets;
    private final TestOutputTopic<byte[], byte[]> labelled;
    private final TestOutputTopic<byte[], byte[]> rejections;
    private final TestOutputTopic<byte[], byte[]> deadLetters;

    public Filtering(Path state, DataSet... dataSets) {
        this(state, new NearDuplicates(31, 50), dataSets);
    }

    Filtering(Path state, NearDuplicates benchmarks, DataSet... dataSets) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "filter");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(topology(benchmarks, dataSets), properties, Instant.ofEpochMilli(1000));
        tweets = driver.createInputTopic("scored-tweets", new ByteArraySerializer(), new ByteArraySerializer());
        labelled = output("labelled-images");
        rejections = output("rejections");
        deadLetters = output("filter-dead-letters");
    }

    static Topology topology(NearDuplicates benchmarks, DataSet... dataSets) {
        return FilterTopology.of(
                WIRE,
                new DecisionRules(
                        new DataSets(List.of(dataSets)),
                        new Splits(Splits.By.TWEET, 80, 10, 10),
                        31,
                        50,
                        Optional.empty(),
                        true),
                benchmarks,
                OUTPUT_PARTITIONS,
                new FilterMetrics(new SimpleMeterRegistry()));
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void send(ScoredTweet tweet) {
        tweets.pipeInput(utf8(tweet.getTweet().getId()), bytes(tweet));
    }

    public void send(String key, byte[] value) {
        tweets.pipeInput(utf8(key), value);
    }

    public void delete(@Nullable String tweetId) {
        tweets.pipeInput(new TestRecord<>(tweetId == null ? null : utf8(tweetId), null));
    }

    public void end(EndOfFeed marker) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(EndOfFeed.HEADER, marker.header());
        tweets.pipeInput(new TestRecord<>(utf8(marker.key()), null, headers));
    }

    /** What was labelled since the last call, without deletions and markers. */
    List<LabelledImage> labelled() {
        return passed().stream()
                .map(TestRecord::value)
                .filter(Objects::nonNull)
                .map(Filtering::labelled)
                .toList();
    }

    /** Everything on labelled-images since the last call. */
    public List<TestRecord<byte[], byte[]>> passed() {
        return labelled.readRecordsToList();
    }

    /** What the sieve let through, on the way to the decider. */
    public List<TestRecord<byte[], byte[]>> candidates() {
        return output("filter-candidates-repartition").readRecordsToList();
    }

    public List<Rejection> rejections() {
        return rejections.readValuesToList().stream().map(Filtering::rejection).toList();
    }

    public static LabelledImage labelled(byte[] value) {
        try {
            return LabelledImage.fromByteBuffer(ByteBuffer.wrap(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Rejection rejection(byte[] value) {
        try {
            return Rejection.fromByteBuffer(ByteBuffer.wrap(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The reasons of the rejections since the last call. */
    List<String> reasons() {
        return rejections().stream().map(Rejection::getReason).toList();
    }

    public List<TestRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    ClassCounts counts(String dataSet) {
        byte[] stored = driver.<String, byte[]>getKeyValueStore(SelectionProcessor.COUNTS)
                .get(dataSet);
        return stored == null ? ClassCounts.NONE : ClassCounts.of(stored);
    }

    @Override
    public void close() {
        driver.close();
    }

    public static Decoded<ScoredTweet> decoded(@Nullable Headers headers, byte @Nullable [] value) {
        return decoded(headers, value, ScoredTweet::fromByteBuffer);
    }

    @FunctionalInterface
    public interface Decoder<T> {
        T decode(ByteBuffer bytes) throws IOException;
    }

    public static <T> Decoded<T> decoded(@Nullable Headers headers, byte @Nullable [] value, Decoder<T> decoder) {
        if (EndOfFeed.in(headers).isPresent()) {
            return new Decoded.Ended<>(EndOfFeed.in(headers).orElseThrow());
        }
        if (value == null) {
            return new Decoded.Tombstone<>();
        }
        try {
            return new Decoded.Event<>(decoder.decode(ByteBuffer.wrap(value)));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return new Decoded.Undecodable<>("not decodable");
        }
    }

    public static byte[] bytes(SpecificRecord event) {
        try {
            return new BinaryMessageEncoder<SpecificRecord>(SpecificData.get(), event.getSchema())
                    .encode(event)
                    .array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
