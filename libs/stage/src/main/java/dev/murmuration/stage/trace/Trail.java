package dev.murmuration.stage.trace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Follows records through one service, between its consumers and its producers, whatever happens in between: batches, queues,
 * stores. A record that is written continues the trace that it carries (Kafka Streams passes headers on) or that of the last
 * record read under its key. Shards and checkpoints are made of many records: they begin traces of their own that link to those,
 * and each of those gets a span that links back. Safe for use by several threads.
 */
final class Trail {

    /** As many links as a span has; further records still get theirs back. */
    private static final int MOST_LINKS = 128;

    private static final String HEADER = "traceparent";

    static final AttributeKey<Boolean> JOINS = AttributeKey.booleanKey("pipeline.joins");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");

    /** Cursors and declarations are no records of the stream. */
    private static final Set<String> FOLLOWED = Topics.ALL.stream()
            .map(Topic::name)
            .filter(name ->
                    !name.equals(Topics.CRAWLER_CURSORS.name()) && !name.equals(Topics.CRAWLER_DECLARATIONS.name()))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> JOINING = Set.of(Topics.SHARDS.name(), Topics.CHECKPOINTS.name());

    private record Place(String topic, int partition, long offset) {}

    private record Read(ByteBuffer key, Context context, Instant at) {}

    /** Which records an event of a joining topic was made of. */
    interface Covered {
        List<Coverage> by(String topic, byte[] value);
    }

    private final Tracer tracer;
    private final Covered covered;
    private final int mostRecords;
    private final Clock clock;

    @GuardedBy("this")
    private final LinkedHashMap<Place, Read> read = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Map<ByteBuffer, Read> lastOfKey = new HashMap<>();

    /** Remembers at most so many records that were read. */
    Trail(Tracer tracer, Covered covered, int mostRecords, Clock clock) {
        this.tracer = tracer;
        this.covered = covered;
        this.mostRecords = mostRecords;
        this.clock = clock;
    }

    synchronized void consumed(ConsumerRecord<?, ?> record) {
        if (!FOLLOWED.contains(record.topic()) || !(record.key() instanceof byte[] key) || isMarker(record.headers())) {
            return;
        }
        Read now = new Read(ByteBuffer.wrap(key), carried(record.headers()), clock.instant());
        read.put(new Place(record.topic(), record.partition(), record.offset()), now);
        lastOfKey.put(now.key(), now);
        while (read.size() > mostRecords) {
            forget(read.firstEntry().getKey());
        }
    }

    synchronized void produced(ProducerRecord<?, ?> record) {
        if (!FOLLOWED.contains(record.topic()) || isMarker(record.headers())) {
            return;
        }
        Span span = JOINING.contains(record.topic()) && record.value() instanceof byte[] value
                ? joined(record.topic(), covered.by(record.topic(), value))
                : continued(record);
        record.headers().remove(HEADER);
        W3CTraceContextPropagator.getInstance()
                .inject(Context.root().with(span), record.headers(), (headers, name, text) -> {
                    if (headers != null) {
                        headers.add(name, text.getBytes(StandardCharsets.US_ASCII));
                    }
                });
        span.end();
    }

    @GuardedBy("this")
    private Span continued(ProducerRecord<?, ?> record) {
        Read source = record.key() instanceof byte[] key ? lastOfKey.get(ByteBuffer.wrap(key)) : null;
        Context carried = carried(record.headers());
        Context parent = isValid(carried) || source == null ? carried : source.context();
        SpanBuilder span = span(record.topic(), record.topic(), parent);
        if (source != null) {
            span.setStartTimestamp(source.at());
        }
        return span.startSpan();
    }

    @GuardedBy("this")
    private Span joined(String topic, List<Coverage> coverages) {
        List<Read> parts = new ArrayList<>();
        List<Place> done = new ArrayList<>();
        boolean many = topic.equals(Topics.SHARDS.name());
        read.forEach((place, each) -> {
            for (Coverage coverage : coverages) {
                if (place.topic().equals(coverage.topic()) && place.partition() == coverage.partition()) {
                    if (place.offset() >= coverage.first() && place.offset() <= coverage.last()) {
                        parts.add(each);
                    }
                    // A cut gives several shards of one range, a checkpoint has its shards for itself.
                    if (place.offset() < coverage.first() || (!many && place.offset() <= coverage.last())) {
                        done.add(place);
                    }
                }
            }
        });
        done.forEach(this::forget);
        SpanBuilder builder = span(topic, topic, Context.root()).setAttribute(JOINS, true);
        parts.stream()
                .map(part -> Span.fromContext(part.context()).getSpanContext())
                .filter(SpanContext::isSampled)
                .limit(MOST_LINKS)
                .forEach(builder::addLink);
        Span whole = builder.startSpan();
        for (Read part : parts) {
            if (Span.fromContext(part.context()).getSpanContext().isSampled()) {
                span("part of " + topic, topic, part.context())
                        .addLink(whole.getSpanContext())
                        .setStartTimestamp(part.at())
                        .startSpan()
                        .end();
            }
        }
        return whole;
    }

    private SpanBuilder span(String name, String topic, Context parent) {
        return tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(DESTINATION, topic);
    }

    @GuardedBy("this")
    private void forget(Place place) {
        Read forgotten = read.remove(place);
        if (forgotten != null) {
            lastOfKey.remove(forgotten.key(), forgotten);
        }
    }

    private static Context carried(Headers headers) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, new TextMapGetter<>() {
            @Override
            public Iterable<String> keys(Headers carrier) {
                return List.of(HEADER);
            }

            @Override
            public @Nullable String get(@Nullable Headers carrier, String name) {
                Header header = carrier == null ? null : carrier.lastHeader(name);
                return header == null || header.value() == null
                        ? null
                        : new String(header.value(), StandardCharsets.US_ASCII);
            }
        });
    }

    private static boolean isValid(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }

    private static boolean isMarker(Headers headers) {
        return headers.lastHeader(EndOfFeed.HEADER) != null;
    }
}
