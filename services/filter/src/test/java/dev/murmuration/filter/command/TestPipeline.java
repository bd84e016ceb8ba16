package dev.murmuration.filter.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.schemas.Topic;
import dev.murmuration.stage.store.ObjectStore;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The platform of the tests for commands: sends the events that they read, runs them, and keeps what they print. */
final class TestPipeline implements AutoCloseable {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final Pipeline pipeline;
    final ObjectStore store;
    final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestPlatform.settings().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final SmallRyeConfig config;

    /** @param further settings beside the platform's own */
    TestPipeline(Map<String, String> further) {
        config = config(further);
        pipeline = new Pipeline(config);
        store = pipeline.store();
    }

    static SmallRyeConfig config(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(TestPlatform.settings().forServices());
        settings.putAll(further);
        return Pipeline.with(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "platform", 100)));
    }

    /** Runs a command; {@link #out} holds what this one printed. */
    int run(String... args) {
        out.getBuffer().setLength(0);
        return Commands.run(config, new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    void send(Topic topic, String key, SpecificRecord event) {
        sent.add(
                producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), pipeline.encoded(topic, event))));
    }

    @Override
    public void close() {
        producer.close();
        pipeline.close();
    }
}
