package dev.murmuration.stage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Topics;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The interceptor as Kafka's own clients make it, by the name that every service has in its settings, over the real broker. */
class TracingIT {

    private static final String TOPIC = Topics.REJECTIONS.name();

    private final PlatformSettings platform = TestPlatform.settings();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider =
            Tracing.provider("test", "test-0", 1.0, SimpleSpanProcessor.create(spans));
    private final byte[] key = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);

    @AfterEach
    void end() {
        Interceptor.follow(null);
        provider.close();
    }

    @Test
    void aRecordKeepsItsTraceFromOneClientToTheNext() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            Interceptor.follow(trail());
            RecordMetadata first = send(producer);
            // What a service remembers ends with it: the next one knows only what the header says.
            Interceptor.follow(trail());
            read(first);
            send(producer);
        }

        List<SpanData> both = spans.getFinishedSpanItems();
        assertThat(both).hasSize(2);
        assertThat(both.get(1).getTraceId()).isEqualTo(both.get(0).getTraceId());
        assertThat(both.get(1).getParentSpanId()).isEqualTo(both.get(0).getSpanId());
        assertThat(both.get(1).getResource().getAttributes().asMap().toString()).contains("test-0");
    }

    @Test
    void withoutTracingNothingIsAdded() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            RecordMetadata sent = send(producer);

            assertThat(read(sent)).isZero();
        }
    }

    private RecordMetadata send(KafkaProducer<byte[], byte[]> producer) throws Exception {
        return producer.send(new ProducerRecord<>(TOPIC, 0, key, new byte[] {1}))
                .get();
    }

    /** Reads up to this record; how many headers it has. */
    private int read(RecordMetadata sent) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", platform.bootstrapServers(),
                        "interceptor.classes", Interceptor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, sent.partition());
            consumer.assign(List.of(partition));
            consumer.seek(partition, sent.offset());
            long last = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (System.nanoTime() < last) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    return record.headers().toArray().length;
                }
            }
            throw new AssertionError("the record did not come");
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", platform.bootstrapServers(),
                        "interceptor.classes", Interceptor.class.getName()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Trail trail() {
        return new Trail(provider.get("test"), (topic, value) -> List.of(), 100, Clock.systemUTC());
    }
}
