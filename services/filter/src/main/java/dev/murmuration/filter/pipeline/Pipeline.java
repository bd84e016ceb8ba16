package dev.murmuration.filter.pipeline;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.filter.settings.FilterSettings;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.ShardReader;
import dev.murmuration.stage.CommandSettings;
import dev.murmuration.stage.commit.KafkaTransaction;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The pipeline as a command sees it: topics, read once from their start to their current end, the object store, and the settings
 * of the service. Joins no consumer group.
 */
public final class Pipeline implements AutoCloseable {

    private final SmallRyeConfig config;
    private final FilterSettings filter;
    private final ObjectStore store;
    private final RegistrySettings registry;
    private final EventWriter writer;
    private final Map<String, Object> kafka;
    private final Duration timeout;

    /** Limits far above the packer's. */
    public static final ShardReader.Limits SHARD_LIMITS =
            new ShardReader.Limits(64L << 20, 64L << 20, Integer.MAX_VALUE);

    /** Connects with these settings, which {@link #with} has read. */
    public Pipeline(SmallRyeConfig config) {
        this.config = config;
        this.filter = config.getConfigMapping(FilterSettings.class);
        this.store = CommandSettings.store(config);
        this.registry = CommandSettings.registry(config);
        this.writer = new EventWriter(registry);
        this.timeout = config.getOptionalValue("progress.start-timeout", Duration.class)
                .orElse(Duration.ofSeconds(60));
        this.kafka = CommandSettings.kafka(config);
    }

    /** The settings of this process: system properties, environment, and the files of {@code smallrye.config.locations}. */
    public static SmallRyeConfig settings() {
        return with(CommandSettings.sources());
    }

    /** Settings from these sources. */
    public static SmallRyeConfig with(SmallRyeConfigBuilder sources) {
        return CommandSettings.read(sources, FilterSettings.class);
    }

    /** The settings of the filter. */
    public FilterSettings filter() {
        return filter;
    }

    /** The object store. */
    public ObjectStore store() {
        return store;
    }

    /** The samples to skip. */
    public Redactions redactions() {
        return new Redactions(
                store.list(Redactions.PREFIX).stream().map(StoredObject::key).toList());
    }

    /**
     * Downloads a shard to a file that does not exist yet.
     *
     * @throws CommandException if the store does not contain it, or has other bytes than its event says
     */
    public void download(Shard shard, Path file) {
        switch (store.download(shard.getKey(), shard.getSha256(), file)) {
            case Fetched.Found<Path> found -> {
                // In the file.
            }
            case Fetched.Missing<Path> missing ->
                throw new CommandException(shard.getKey() + " is not in the object store");
            case Fetched.Damaged<Path>(String detail) -> throw new CommandException(detail);
        }
    }

    /** An event as the bytes that its topic carries. */
    public byte[] encoded(Topic topic, SpecificRecord event) {
        return writer.write(topic, event);
    }

    /** Receives the records of a topic. */
    public interface Sink<T> {
        /** Takes the next record, in the order of its partition. */
        void take(ConsumerRecord<byte[], byte[]> record, Decoded<T> decoded);
    }

    /** Reads events of a topic. */
    public <T extends SpecificRecord> EventReader<T> reader(Topic topic, Class<T> type) {
        return EventReader.of(registry, topic, type);
    }

    /** Passes every record that is committed on a topic now. */
    public <T extends SpecificRecord> void read(Topic topic, Class<T> type, Sink<T> sink) {
        try (EventReader<T> reader = EventReader.of(registry, topic, type)) {
            read(topic.name(), Map.of(), record -> sink.take(record, reader.read(record.headers(), record.value())));
        }
    }

    /**
     * As above, without decoding.
     *
     * @param from first offset by partition; other partitions are read from their start
     */
    public void read(String topic, Map<Integer, Long> from, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try {
            new TopicReader(kafka, timeout)
                    .read(topic, (partition, first, end) -> from.getOrDefault(partition.partition(), first), sink);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /** A setting that belongs to another service. */
    public Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class);
    }

    /** The topics, of the pipeline and of every relabelling, whose records are of one tweet each. */
    public List<String> topicsOfTweets() {
        List<String> own = Topics.ALL.stream()
                .filter(topic -> topic.partitioned() || topic.schema().isEmpty())
                .map(Topic::name)
                .toList();
        try (Admin admin = Admin.create(kafka)) {
            return await(admin.listTopics().names()).stream()
                    .filter(name -> own.contains(name)
                            || (name.startsWith("relabel-")
                                    && own.stream().anyMatch(known -> name.endsWith("-" + known))))
                    .sorted()
                    .toList();
        }
    }

    /** Whether a null value on this topic deletes the tweet that its key names. */
    public static boolean hasTombstones(String topic) {
        return Stream.of(Topics.TWEETS, Topics.SCORED_TWEETS, Topics.LABELLED_IMAGES)
                .anyMatch(known -> topic.equals(known.name()) || topic.endsWith("-" + known.name()));
    }

    /** The configuration of a topic, by Kafka's names. */
    public Map<String, String> config(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(kafka)) {
            Map<String, String> values = new HashMap<>();
            await(admin.describeConfigs(List.of(resource)).all())
                    .values()
                    .forEach(config -> config.entries().forEach(entry -> values.put(entry.name(), entry.value())));
            return values;
        }
    }

    /** Sends these records; returns when the broker has all of them. */
    public void send(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("max.block.ms", timeout.toMillis());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            sent.forEach(this::await);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    private <T> T await(Future<T> answer) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // Sets the thread's flag again.
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(new KafkaException(e));
        }
    }

    /** The committed offsets of a command's own group on a topic, by partition. */
    public Map<Integer, Long> committed(String group, String topic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("group.id", group);
        settings.put("default.api.timeout.ms", Math.toIntExact(timeout.toMillis()));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<Integer, Long> committed = new HashMap<>();
            consumer.committed(consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .collect(Collectors.toSet()))
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
            return committed;
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /**
     * Sends these records and moves the command's own group, all or nothing.
     *
     * @param group the command's own group; also names its transactions, so that only one of two concurrent commands commits
     * @param topic the topic of the positions
     * @param from the group's offsets when the command started; the commit is refused if they have changed
     * @param to the group's new offsets
     */
    public void commit(
            String group,
            String topic,
            Map<Integer, Long> from,
            Map<Integer, Long> to,
            List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("transactional.id", group);
        settings.put("max.block.ms", timeout.toMillis());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            if (!committed(group, topic).equals(from)) {
                throw new CommandException("another %s was faster: start again".formatted(group));
            }
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            to.forEach((partition, offset) ->
                    positions.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
            KafkaTransaction.commit(producer, records, positions, new ConsumerGroupMetadata(group));
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    private CommandException unreachable(KafkaException broker) {
        return new CommandException(
                "Kafka at %s: %s".formatted(kafka.get("bootstrap.servers"), broker.getMessage()), broker);
    }

    @Override
    public void close() {
        writer.close();
    }
}
