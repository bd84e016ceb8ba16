package dev.murmuration.evaluator.model;

import dev.murmuration.cluster.TopicReader;
import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.CommandSettings;
import dev.murmuration.stage.settings.SettingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;

/** Checkpoints and accuracies announced on the topics, read from begin to end at each call, and names from the settings. */
public final class TopicAnnouncements implements ModelNames.Announced {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

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
        Map<String, Object> kafka = CommandSettings.kafka(config);
        List<T> events = new ArrayList<>();
        try (EventReader<T> reader = EventReader.of(CommandSettings.registry(config, TIMEOUT), topic, type)) {
            new TopicReader(kafka, TIMEOUT).read(topic.name(), TopicReader.Start.BEGINNING, record -> {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<T>(T event)) {
                    events.add(event);
                }
            });
        } catch (KafkaException e) {
            throw new SettingException(
                    "kafka.bootstrap.servers",
                    String.valueOf(kafka.get("bootstrap.servers")),
                    "does not answer: " + e.getMessage());
        }
        return events;
    }
}
