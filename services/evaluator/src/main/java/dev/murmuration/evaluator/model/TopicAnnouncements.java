package dev.murmuration.evaluator.model;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.SettingException;
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

/** What was announced on the topics so far, read from begin to end when asked, and names from the settings. */
public final class TopicAnnouncements implements ModelNames.Announced {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Config config;

    /** Reads the topics of the cluster that these settings name. */
    public TopicAnnouncements(Config config) {
        this.config = config;
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
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name(), TIMEOUT).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (partitions.stream()
                    .anyMatch(each -> consumer.position(each, TIMEOUT) < ends.getOrDefault(each, 0L))) {
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
                                    .formatted(topic.name(), TimeUnit.NANOSECONDS.toSeconds(TIMEOUT.toNanos())));
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
        consumer.put("default.api.timeout.ms", Math.toIntExact(TIMEOUT.toMillis()));
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
                TIMEOUT,
                serdes);
    }
}
