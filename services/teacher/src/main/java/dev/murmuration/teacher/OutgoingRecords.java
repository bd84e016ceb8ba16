package dev.murmuration.teacher;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.FaultIsolation;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Encodes the outcome of a record as the record to send: to the partition number that it was read from, with its timestamp. */
final class OutgoingRecords {

    private static final String SERVICE = "teacher";

    private final EventWriter writer;
    private final TopicNames names;
    private final int maxBytes;

    /**
     * @param maxBytes maximum size of a record that is sent, with its key; the broker rejects a batch over its own limit, and
     *     with it the whole transaction
     */
    OutgoingRecords(EventWriter writer, TopicNames names, int maxBytes) {
        this.writer = writer;
        this.names = names;
        this.maxBytes = maxBytes;
    }

    /**
     * The record to send; a dead letter where the outcome cannot be written.
     *
     * @throws dev.murmuration.schemas.RegistryUnavailableException if the registry does not answer
     */
    ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> read, Outcome outcome) {
        return FaultIsolation.isolate(() -> written(read, outcome), reason -> deadLetter(read, reason));
    }

    private ProducerRecord<byte[], byte[]> written(ConsumerRecord<byte[], byte[]> read, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Scored(ScoredTweet scored) -> scored(read, scored);
            case Outcome.Deleted deleted ->
                read.key() == null
                        ? deadLetter(read, "a deletion without a key")
                        : samePartition(read, read.key(), null, new RecordHeaders());
            case Outcome.FeedEnded(var marker) ->
                samePartition(
                        read, utf8(marker.key()), null, new RecordHeaders().add(EndOfFeed.HEADER, marker.header()));
            case Outcome.DeadLettered(String reason) -> deadLetter(read, reason);
        };
    }

    private ProducerRecord<byte[], byte[]> scored(ConsumerRecord<byte[], byte[]> read, ScoredTweet scored) {
        byte[] key = utf8(scored.getTweet().getId());
        byte[] value = writer.write(Topics.SCORED_TWEETS, scored);
        long bytes = DeadLetter.bytes(key, value, new RecordHeaders());
        return bytes > maxBytes
                ? deadLetter(read, "its event with scores has %d bytes, more than %d".formatted(bytes, maxBytes))
                : samePartition(read, key, value, new RecordHeaders());
    }

    private ProducerRecord<byte[], byte[]> samePartition(
            ConsumerRecord<byte[], byte[]> read, byte[] key, byte @Nullable [] value, Headers headers) {
        return new ProducerRecord<>(
                names.of(Topics.SCORED_TWEETS), read.partition(), read.timestamp(), key, value, headers);
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> read, String reason) {
        return DeadLetter.of(names, SERVICE, read, reason, maxBytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
