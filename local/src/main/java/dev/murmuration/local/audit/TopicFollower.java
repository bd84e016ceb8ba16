package dev.murmuration.local.audit;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.Cursor;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every topic of the pipeline from its start, committed records only, into a {@link AuditTally}. Joins no group. Not safe
 * for use by several threads.
 */
public final class TopicFollower implements AutoCloseable {

    private interface Sink {
        void take(ConsumerRecord<byte[], byte[]> read, String key, RecordPosition place);
    }

    private final TopicNames names;
    private final AuditTally ledger;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RegistrySettings registry;
    private final Map<String, Sink> sinks = new HashMap<>();
    private final List<EventReader<?>> readers = new ArrayList<>();
    private final List<TopicPartition> partitions = new ArrayList<>();

    /** Reads the pipeline's topics from the start of every partition. Connects at once. */
    public TopicFollower(String bootstrapServers, String registryUrl, AuditTally ledger) {
        this(TopicNames.PLAIN, bootstrapServers, registryUrl, ledger);
    }

    /** As above for a relabelling, including only its own shards. */
    TopicFollower(TopicNames names, String bootstrapServers, String registryUrl, AuditTally ledger) {
        this.names = names;
        this.ledger = ledger;
        this.registry = RegistrySettings.apicurio(registryUrl);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        into(Topics.TWEETS, Tweet.class, ledger::tweet);
        into(Topics.SCORED_TWEETS, ScoredTweet.class, ledger::scored);
        into(Topics.LABELLED_IMAGES, LabelledImage.class, ledger::labelled);
        into(Topics.SHARDS, Shard.class, (shard, place) -> ledger.shard(shard));
        into(Topics.CHECKPOINTS, Checkpoint.class, (checkpoint, place) -> ledger.checkpoint(checkpoint));
        into(Topics.ACCURACIES, Accuracy.class, (accuracy, place) -> ledger.accuracy(accuracy));
        into(Topics.REJECTIONS, Rejection.class, (rejection, place) -> ledger.rejected(rejection));
        into(Topics.CRAWLER_CURSORS, Cursor.class, (cursor, place) -> ledger.cursor(cursor));
        sinks.put(names.of(Topics.CRAWLER_DECLARATIONS), (read, key, place) -> {
            // Of authors, not of tweets: nothing to count.
        });
        Topics.SERVICES.forEach(service -> sinks.put(
                names.of(Topics.deadLetters(service)), (read, key, place) -> ledger.deadLetter(service, key)));
        for (Topic topic : Topics.ALL) {
            for (PartitionInfo partition : consumer.partitionsFor(names.of(topic))) {
                partitions.add(new TopicPartition(names.of(topic), partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads new records, waiting at most this long for the first one. Returns the number of records. */
    public int poll(Duration longest) {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(longest)) {
            String key = read.key() == null ? "" : new String(read.key(), StandardCharsets.UTF_8);
            Sink sink = sinks.get(read.topic());
            if (sink == null) {
                throw new IllegalStateException("no sink for " + read.topic());
            }
            if (isOthers(read)) {
                continue;
            }
            DeadLetter.replayedFrom(read.headers()).ifPresent(service -> ledger.replayed(service, key));
            ReplacedShard.in(read.headers()).ifPresent(ledger::replaced);
            sink.take(read, key, new RecordPosition(read.partition(), read.offset(), read.timestamp()));
            count++;
        }
        return count;
    }

    private boolean isOthers(ConsumerRecord<byte[], byte[]> read) {
        return read.topic().equals(Topics.SHARDS.name())
                && !TopicNames.in(read.headers()).equals(names);
    }

    /** The first offset of each partition that the broker still holds. */
    Map<TopicPartition, Long> firstOffsets() {
        return consumer.beginningOffsets(partitions);
    }

    /** The offset after the last committed record of each partition, as of now. */
    Map<TopicPartition, Long> endOffsets() {
        return consumer.endOffsets(partitions);
    }

    /** Reads until every partition is read up to these offsets. */
    void readTo(Map<TopicPartition, Long> ends, Duration timeout) {
        long last = System.nanoTime() + timeout.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (poll(Duration.ofMillis(200)) > 0) {
                last = System.nanoTime() + timeout.toNanos();
            } else if (System.nanoTime() > last) {
                throw new IllegalStateException("the broker gave no record for " + timeout.toSeconds()
                        + " s although the topics hold more: is a transaction left open?");
            }
        }
    }

    private <T extends SpecificRecord> void into(Topic topic, Class<T> type, BiConsumer<T, RecordPosition> event) {
        EventReader<T> reader = EventReader.of(registry, topic, type);
        readers.add(reader);
        sinks.put(names.of(topic), (read, key, place) -> {
            switch (reader.read(read.headers(), read.value())) {
                case Decoded.Event<T>(T value) -> event.accept(value, place);
                case Decoded.Tombstone<T> tombstone -> {
                    if (topic.equals(Topics.TWEETS)) {
                        ledger.deletion(key);
                    }
                }
                case Decoded.Ended<T> ended -> ledger.ended(topic.name(), ended.marker());
                case Decoded.Undecodable<T> undecodable -> ledger.undecodable(topic.name());
            }
        });
    }

    @Override
    public void close() {
        consumer.close();
        readers.forEach(EventReader::close);
    }
}
