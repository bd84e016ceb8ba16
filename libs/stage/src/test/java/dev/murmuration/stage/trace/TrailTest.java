package dev.murmuration.stage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.EndOfFeed;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tweet from the crawler to the accuracy of a student that learned from it, one trail a service. */
class TrailTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private SdkTracerProvider provider = provider(1.0);
    private List<Coverage> covered = List.of();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void oneTraceGoesFromTheTweetToItsShard() {
        Headers tweet = send(trail(), "tweets", "17", new RecordHeaders());
        Trail teacher = trail();
        read(teacher, "tweets", "17", 5, tweet);
        Headers scored = send(teacher, "scored-tweets", "17", new RecordHeaders());
        Trail filter = trail();
        read(filter, "scored-tweets", "17", 3, scored);
        // Kafka Streams hands headers on.
        Headers labelled = send(filter, "labelled-images", "17", scored);
        read(filter, "labelled-images", "17", 8, labelled);
        covered = List.of(new Coverage("labelled-images", 0, 8, 8));
        Headers shard = send(filter, "shards", "flat", new RecordHeaders());

        String trace = context(tweet).getTraceId();
        assertThat(List.of(context(scored), context(labelled)))
                .allMatch(context -> context.getTraceId().equals(trace));
        assertThat(named("scored-tweets").getParentSpanId())
                .isEqualTo(context(tweet).getSpanId());
        assertThat(named("labelled-images").getParentSpanId())
                .isEqualTo(context(scored).getSpanId());
        SpanData part = named("part of shards");
        assertThat(part.getTraceId()).isEqualTo(trace);
        assertThat(part.getLinks())
                .extracting(TrailTest::id)
                .containsExactly(context(shard).getSpanId());
        assertThat(named("shards").getLinks())
                .extracting(TrailTest::id)
                .containsExactly(context(labelled).getSpanId());
    }

    @Test
    void aCheckpointLinksToItsShardsAndItsAccuracyContinuesIt() {
        Headers shard = send(trail(), "shards", "flat", new RecordHeaders());
        Trail trainer = trail();
        read(trainer, "shards", "flat", 0, shard);
        covered = List.of(new Coverage("shards", 0, 0, 0));
        Headers checkpoint = send(trainer, "checkpoints", "student", new RecordHeaders());
        Trail evaluator = trail();
        read(evaluator, "checkpoints", "student", 0, checkpoint);
        Headers accuracy = send(evaluator, "accuracies", "student", new RecordHeaders());

        assertThat(named("checkpoints").getLinks())
                .extracting(TrailTest::id)
                .containsExactly(context(shard).getSpanId());
        assertThat(named("part of checkpoints").getTraceId())
                .isEqualTo(context(shard).getTraceId());
        assertThat(context(accuracy).getTraceId()).isEqualTo(context(checkpoint).getTraceId());
    }

    @Test
    void recordsOfOneBatchKeepTheirOwnTraces() {
        Headers one = send(trail(), "tweets", "1", new RecordHeaders());
        Headers two = send(trail(), "tweets", "2", new RecordHeaders());
        Trail teacher = trail();
        read(teacher, "tweets", "1", 0, one);
        read(teacher, "tweets", "2", 1, two);

        assertThat(context(send(teacher, "scored-tweets", "2", new RecordHeaders()))
                        .getTraceId())
                .isEqualTo(context(two).getTraceId());
        assertThat(context(send(teacher, "rejections", "1", new RecordHeaders()))
                        .getTraceId())
                .isEqualTo(context(one).getTraceId());
    }

    @Test
    void severalShardsOfOneCutAreMadeOfTheSameRecordsAndALaterCutIsNot() {
        Trail filter = trail();
        Headers first = send(trail(), "labelled-images", "1", new RecordHeaders());
        Headers second = send(trail(), "labelled-images", "2", new RecordHeaders());
        read(filter, "labelled-images", "1", 0, first);
        read(filter, "labelled-images", "2", 1, second);
        covered = List.of(new Coverage("labelled-images", 0, 0, 0));
        send(filter, "shards", "flat", new RecordHeaders());
        send(filter, "shards", "bal", new RecordHeaders());
        covered = List.of(new Coverage("labelled-images", 0, 1, 1));
        send(filter, "shards", "flat", new RecordHeaders());

        assertThat(spans.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("shards")))
                .extracting(span -> id(span.getLinks().getFirst()))
                .containsExactly(
                        context(first).getSpanId(),
                        context(first).getSpanId(),
                        context(second).getSpanId());
    }

    @Test
    void aSpanBeginsWhenItsRecordWasRead() {
        Trail teacher = trail();
        read(teacher, "tweets", "17", 0, new RecordHeaders());
        send(teacher, "scored-tweets", "17", new RecordHeaders());

        assertThat(named("scored-tweets").getStartEpochNanos()).isEqualTo(NOW.getEpochSecond() * 1_000_000_000L);
    }

    @Test
    void remembersNoMoreRecordsThanItMay() {
        Headers one = send(trail(), "tweets", "1", new RecordHeaders());
        Trail small = new Trail(provider.get("test"), (topic, value) -> covered, 1, Clock.fixed(NOW, ZoneOffset.UTC));
        read(small, "tweets", "1", 0, one);
        read(small, "tweets", "2", 1, new RecordHeaders());

        assertThat(context(send(small, "scored-tweets", "1", new RecordHeaders()))
                        .getTraceId())
                .isNotEqualTo(context(one).getTraceId());
    }

    @Test
    void leavesCursorsAndMarkersAlone() {
        RecordHeaders marker = new RecordHeaders();
        marker.add(EndOfFeed.HEADER, new byte[] {1});

        send(trail(), "tweets", "end", marker);
        Headers cursor = send(trail(), "crawler-cursors", "feed", new RecordHeaders());
        Headers store = send(trail(), "filter-kept-changelog", "1", new RecordHeaders());

        assertThat(marker.lastHeader("traceparent")).isNull();
        assertThat(cursor).isEmpty();
        assertThat(store).isEmpty();
        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void whatIsNotSampledStaysSoDownstreamButShardsAlwaysAre() {
        provider = provider(0.0);
        Headers tweet = send(trail(), "tweets", "17", new RecordHeaders());
        Trail teacher = trail();
        read(teacher, "tweets", "17", 0, tweet);
        Headers scored = send(teacher, "scored-tweets", "17", new RecordHeaders());
        send(trail(), "shards", "flat", new RecordHeaders());

        assertThat(context(scored).getTraceId()).isEqualTo(context(tweet).getTraceId());
        assertThat(context(scored).isSampled()).isFalse();
        assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName).containsExactly("shards");
    }

    @Test
    void withoutATrailKafkaGetsTheVeryRecordBack() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("tweets", new byte[] {1}, new byte[] {2});
        try (Interceptor<byte[], byte[]> off = new Interceptor<>()) {
            assertThat(off.onSend(record)).isSameAs(record);
        }
        assertThat(record.headers()).isEmpty();
    }

    private SdkTracerProvider provider(double share) {
        return Tracing.provider("test", "test-0", share, SimpleSpanProcessor.create(spans));
    }

    private Trail trail() {
        return new Trail(provider.get("test"), (topic, value) -> covered, 100, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private SpanData named(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String id(LinkData link) {
        return link.getSpanContext().getSpanId();
    }

    private static Headers send(Trail trail, String topic, String key, Headers headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, null, bytes(key), new byte[] {1}, headers);
        trail.produced(record);
        return record.headers();
    }

    private static void read(Trail trail, String topic, String key, long offset, Headers headers) {
        trail.consumed(new ConsumerRecord<>(
                topic,
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                1,
                1,
                bytes(key),
                new byte[] {1},
                headers,
                Optional.empty()));
    }

    private static SpanContext context(Headers headers) {
        String[] parts =
                new String(headers.lastHeader("traceparent").value(), StandardCharsets.US_ASCII).split("-", -1);
        return SpanContext.createFromRemoteParent(
                parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
