package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the crawler's own topics remember of earlier runs. Read once at the start, after the producer has fenced off any older instance: what that one left open is
 * aborted by then, so that the last committed cursor is final.
 */
final class Remembered {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final RegistrySettings registry;

    /**
     * Connects with the first question.
     *
     * @param kafka how to reach the cluster, by Kafka's names
     */
    Remembered(Map<String, Object> kafka, RegistrySettings registry) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        this.kafka.keySet().removeIf(key -> key.startsWith("group.") || key.endsWith(".deserializer"));
        this.registry = registry;
    }

    /** How many partitions `tweets` has. */
    int tweetPartitions() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.partitionsFor(Topics.TWEETS.name()).size();
        }
    }

    /**
     * Where this feed was left; its beginning if it was never read.
     *
     * @throws IllegalStateException if its last cursor cannot be read: going on from the beginning would double everything
     */
    Cursor cursor(String feed) {
        Cursor[] last = {Ledger.beginning(feed)};
        read(Topics.CRAWLER_CURSORS, Cursor.class, Long.MAX_VALUE, (key, decoded) -> {
            if (!key.equals(feed)) {
                return;
            }
            switch (decoded) {
                case Decoded.Event<Cursor>(Cursor cursor) -> last[0] = cursor;
                case Decoded.Undecodable<Cursor>(String reason) ->
                    throw new IllegalStateException("the cursor of feed %s: %s".formatted(feed, reason));
                // Somebody wants the feed read anew.
                case Decoded.Tombstone<Cursor> tombstone -> last[0] = Ledger.beginning(feed);
                case Decoded.Ended<Cursor> ended -> throw new IllegalStateException("a feed's end among the cursors");
            }
        });
        return last[0];
    }

    /** The tweets of this source among the last {@code capacity} records of `tweets` that are not deleted since. */
    SentTweets sentTweets(String source, int capacity) {
        SentTweets sent = new SentTweets(capacity);
        read(Topics.TWEETS, Tweet.class, capacity / Math.max(1, tweetPartitions()), (id, decoded) -> {
            switch (decoded) {
                case Decoded.Event<Tweet>(Tweet tweet) -> {
                    if (tweet.getSource().equals(source)) {
                        sent.add(id, tweet.getAuthorHash());
                    }
                }
                case Decoded.Tombstone<Tweet> tombstone -> sent.remove(id);
                case Decoded.Ended<Tweet> ended -> {}
                // Not ours to judge: the teacher sends it to its dead letters.
                case Decoded.Undecodable<Tweet> undecodable -> {}
            }
        });
        return sent;
    }

    private interface Visitor<T> {
        void visit(String key, Decoded<T> decoded);
    }

    // The newest `tail` offsets of each partition, up to its end as of now.
    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, long tail, Visitor<T> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                EventReader<T> reader = EventReader.of(registry, topic, type)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - tail)));
            Consumer<ConsumerRecord<byte[], byte[]>> visit = record -> {
                if (record.key() != null) {
                    visitor.visit(new String(record.key(), UTF_8), reader.read(record.headers(), record.value()));
                }
            };
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(visit);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
