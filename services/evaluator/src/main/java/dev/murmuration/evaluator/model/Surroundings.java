package dev.murmuration.evaluator.model;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.stage.StoreUnavailableException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.Config;

/** What lies around a command or a request: the object store, and what was announced on the topics so far. Settings as everywhere; connects when asked. */
public final class Surroundings implements ModelNames.Announced {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    // A service waits for a store that starts again; somebody at a terminal wants to hear that there is none.
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);

    private final Config config;

    /** With these settings. */
    public Surroundings(Config config) {
        this.config = config;
    }

    /** With the settings of this process: environment, system properties, configuration files. */
    public static Surroundings ofThisProcess() {
        return new Surroundings(settings().build());
    }

    /**
     * The store of the settings of this process, with a command's patience unless {@code s3.patience} is set.
     *
     * @throws StoreUnavailableException at once, if nothing answers there and no longer patience was asked for
     */
    public static ObjectStore store() {
        StoreSettings settings = storeSettings(settings());
        ObjectStore store = new ObjectStore(settings);
        if (settings.patience().compareTo(STORE_PATIENCE) <= 0) {
            store.reach();
        }
        return store;
    }

    /** A command's settings of the store. */
    static StoreSettings storeSettings(SmallRyeConfigBuilder sources) {
        return sources.withMapping(StoreSettings.class)
                .withDefaultValue("s3.patience", STORE_PATIENCE.toString())
                .build()
                .getConfigMapping(StoreSettings.class);
    }

    private static SmallRyeConfigBuilder settings() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredConverters(); // durations as Quarkus writes them
    }

    @Override
    public List<Checkpoint> checkpoints() {
        return read(Topics.CHECKPOINTS, Checkpoint.class);
    }

    @Override
    public List<Accuracy> accuracies() {
        return read(Topics.ACCURACIES, Accuracy.class);
    }

    @Override
    public Optional<String> registered(String name) {
        return config.getOptionalValue("evaluator.models.\"" + name + "\"", String.class)
                .or(() -> config.getOptionalValue("evaluator.models." + name, String.class));
    }

    @Override
    public Path modelFolder() {
        return config.getOptionalValue("evaluator.model-folder", Path.class).orElse(Path.of("models"));
    }

    private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        String servers =
                config.getOptionalValue("kafka.bootstrap.servers", String.class).orElse("localhost:9092");
        List<T> events = new ArrayList<>();
        try (EventReader<T> reader = EventReader.of(registry(), topic, type);
                KafkaConsumer<byte[], byte[]> consumer = consumer(servers)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name(), PATIENCE).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each, PATIENCE) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<T>(T event)) {
                        events.add(event);
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new SettingException(
                            "kafka.bootstrap.servers",
                            servers,
                            "gives %s too slowly: not read to its end in %d s"
                                    .formatted(topic.name(), TimeUnit.NANOSECONDS.toSeconds(PATIENCE.toNanos())));
                }
            }
        } catch (KafkaException e) {
            throw new SettingException("kafka.bootstrap.servers", servers, "does not answer: " + e.getMessage());
        }
        return events;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String servers) {
        Map<String, Object> consumer = new HashMap<>();
        consumer.put("bootstrap.servers", servers);
        consumer.put("isolation.level", "read_committed");
        consumer.put("enable.auto.commit", false);
        consumer.put("default.api.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private RegistrySettings registry() {
        Map<String, String> serdes = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith("registry.serdes.")) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> serdes.put(name.substring("registry.serdes.".length()), value));
            }
        }
        return new RegistrySettings(
                config.getOptionalValue("registry.url", String.class).orElse("http://localhost:8080/apis/registry/v3"),
                config.getOptionalValue("registry.serializer", String.class)
                        .orElse(RegistrySettings.APICURIO_SERIALIZER),
                config.getOptionalValue("registry.deserializer", String.class)
                        .orElse(RegistrySettings.APICURIO_DESERIALIZER),
                PATIENCE,
                serdes);
    }
}
