package dev.murmuration.filter.topology;

import static dev.murmuration.schemas.Topics.LABELLED_IMAGES;
import static dev.murmuration.schemas.Topics.REJECTIONS;
import static dev.murmuration.schemas.Topics.SCORED_TWEETS;

import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The filter as a plain function: scored tweets in; labelled images, rejections and dead letters out. Thresholds are applied per
 * partition; candidates meet on one partition, where the selection compares them with everything that was accepted.
 */
public final class FilterTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private FilterTopology() {}

    /**
     * Builds the topology.
     *
     * @param benchmarks photos that no data set may contain, all in one set
     * @param outputPartitions number of partitions of labelled-images
     */
    public static Topology of(
            EventCodec codec,
            DecisionRules rules,
            NearDuplicates benchmarks,
            int outputPartitions,
            FilterMetrics metrics) {
        StreamsBuilder builder = new StreamsBuilder();
        Map<String, KStream<byte[], ProcessorOutput>> filtered = builder.stream(
                        codec.names().of(SCORED_TWEETS),
                        Consumed.with(BYTES, BYTES)
                                .withName("scored-tweets")
                                .withTimestampExtractor((record, newest) -> Math.max(0, record.timestamp())))
                .process(() -> new ThresholdProcessor(codec, rules.dataSets(), benchmarks, metrics), Named.as("sieve"))
                .split(Named.as("sifted-"))
                .branch((key, step) -> step.to() == ProcessorOutput.To.DEAD_LETTERS, Branched.as("undecodable"))
                .branch((key, step) -> step.to() == ProcessorOutput.To.REJECTIONS, Branched.as("refused"))
                .defaultBranch(Branched.as("candidates"));

        String deadLetters = codec.names().of(Topics.deadLetters("filter"));
        String rejections = codec.names().of(REJECTIONS);
        write(branch(filtered, "sifted-undecodable"), deadLetters, "dead-letters", byKey());
        write(branch(filtered, "sifted-refused"), rejections, "sieve-rejections", byKey());

        Map<String, KStream<byte[], ProcessorOutput>> decided = branch(filtered, "sifted-candidates")
                .mapValues(ProcessorOutput::value, Named.as("candidate"))
                .repartition(
                        Repartitioned.with(BYTES, BYTES).withName("candidates").withNumberOfPartitions(1))
                .process(selection(codec, rules, outputPartitions, metrics), Named.as("decider"))
                .split(Named.as("decided-"))
                .branch((key, step) -> step.to() == ProcessorOutput.To.DEAD_LETTERS, Branched.as("undecodable"))
                .branch((key, step) -> step.to() == ProcessorOutput.To.REJECTIONS, Branched.as("refused"))
                .defaultBranch(Branched.as("taken"));

        write(branch(decided, "decided-undecodable"), deadLetters, "decider-dead-letters", byKey());
        write(branch(decided, "decided-refused"), rejections, "decider-rejections", byKey());
        write(
                branch(decided, "decided-taken"),
                codec.names().of(LABELLED_IMAGES),
                "labelled-images",
                markersByNumber());
        return builder.build();
    }

    private static KStream<byte[], ProcessorOutput> branch(
            Map<String, KStream<byte[], ProcessorOutput>> branches, String name) {
        return Objects.requireNonNull(branches.get(name), name);
    }

    private static void write(
            KStream<byte[], ProcessorOutput> steps,
            String topic,
            String name,
            StreamPartitioner<byte[], byte @Nullable []> partitioner) {
        steps.mapValues(ProcessorOutput::value, Named.as("encode-" + name))
                .to(topic, Produced.with(BYTES, BYTES).withName(name).withStreamPartitioner(partitioner));
    }

    private static ProcessorSupplier<byte[], byte @Nullable [], byte[], ProcessorOutput> selection(
            EventCodec codec, DecisionRules rules, int outputPartitions, FilterMetrics metrics) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<byte[], byte @Nullable [], byte[], ProcessorOutput> get() {
                return new SelectionProcessor(codec, rules, outputPartitions, metrics);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(
                        store(SelectionProcessor.KEPT),
                        // They change with every photo: cached, the store and its topic see them once a commit.
                        store(SelectionProcessor.COUNTS).withCachingEnabled(),
                        store(SelectionProcessor.ENDS));
            }
        };
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), BYTES);
    }

    /** As every producer of Kafka does: by hash of the key. */
    private static StreamPartitioner<byte[], byte @Nullable []> byKey() {
        return (topic, key, value, partitions) -> Optional.empty();
    }

    /** Markers go to the partition they close; everything else by key. */
    private static StreamPartitioner<byte[], byte @Nullable []> markersByNumber() {
        return (topic, key, value, partitions) -> value == null ? closedBy(key, partitions) : Optional.empty();
    }

    private static Optional<Set<Integer>> closedBy(byte[] key, int partitions) {
        String text = new String(key, StandardCharsets.UTF_8);
        return IntStream.range(0, partitions)
                .filter(partition -> text.startsWith(EndOfFeed.HEADER + ":") && text.endsWith(":" + partition))
                .mapToObj(Set::of)
                .findFirst();
    }
}
