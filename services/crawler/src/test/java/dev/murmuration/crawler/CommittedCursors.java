package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The newest committed cursor of each feed, followed by one consumer: a new one for each question costs more than the crawl it asks about.
 */
final class CommittedCursors implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EventReader<Cursor> reader;
    private final Map<String, Cursor> cursors = new HashMap<>();

    CommittedCursors(String broker, RegistrySettings registry) {
        this.reader = EventReader.of(registry, Topics.CRAWLER_CURSORS, Cursor.class);
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.CRAWLER_CURSORS.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    Cursor of(String feed) {
        return cursors.getOrDefault(feed, CrawlState.beginning(feed));
    }

    /** Waits until this holds of the feed's cursor, as long as the crawl lives. */
    void await(String feed, Predicate<Cursor> condition, Process crawl) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.test(of(feed))) {
            assertThat(crawl.isAlive()).as("the crawl lives").isTrue();
            assertThat(System.nanoTime()).as("waited for " + of(feed)).isLessThan(end);
            consumer.poll(Duration.ofMillis(50)).forEach(record -> {
                if (reader.read(record.headers(), record.value()) instanceof Decoded.Event<Cursor>(Cursor cursor)) {
                    cursors.put(new String(record.key(), UTF_8), cursor);
                }
            });
        }
    }

    @Override
    public void close() {
        consumer.close();
        reader.close();
    }
}
