package dev.murmuration.teacher;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Writes what becomes of a record as the record to send: to the same partition number as it was read from, with the time that it had. */
final class Letters {

    private static final String SERVICE = "teacher";

    // SmallRye notes the consumer group's generation on what it reads; that is between it and us.
    private static final String GENERATION = "__smallrye_generationId";

    private final EventWriter writer;
    private final TopicNames names;
    private final int maxBytes;

    /** @param maxBytes the largest value that is sent; the broker refuses a batch over its own limit, and with it the whole transaction */
    Letters(EventWriter writer, TopicNames names, int maxBytes) {
        this.writer = writer;
        this.names = names;
        this.maxBytes = maxBytes;
    }

    /**
     * The record to send.
     *
     * @throws dev.murmuration.schemas.RegistryUnavailableException if the registry stays away
     */
    ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> read, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Score(ScoredTweet scored) -> scored(read, scored);
            case Outcome.Delete deleted ->
                read.key() == null
                        ? deadLetter(read, "a deletion without a key")
                        : sameSpot(read, read.key(), null, new RecordHeaders());
            case Outcome.End(var marker) ->
                sameSpot(read, utf8(marker.key()), null, new RecordHeaders().add(EndOfFeed.HEADER, marker.header()));
            case Outcome.Refuse(String reason) -> deadLetter(read, reason);
        };
    }

    private ProducerRecord<byte[], byte[]> scored(ConsumerRecord<byte[], byte[]> read, ScoredTweet scored) {
        byte[] value = writer.write(Topics.SCORED_TWEETS, scored);
        return value.length > maxBytes
                ? deadLetter(
                        read, "its event with scores has %d bytes, %d are possible".formatted(value.length, maxBytes))
                : sameSpot(read, utf8(scored.getTweet().getId()), value, new RecordHeaders());
    }

    private ProducerRecord<byte[], byte[]> sameSpot(
            ConsumerRecord<byte[], byte[]> read, byte[] key, byte @Nullable [] value, Headers headers) {
        return new ProducerRecord<>(
                names.of(Topics.SCORED_TWEETS), read.partition(), read.timestamp(), key, value, headers);
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> read, String reason) {
        read.headers().remove(GENERATION);
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(names, SERVICE, read, reason);
        if (letter.value() == null || letter.value().length <= maxBytes) {
            return letter;
        }
        String shortened = "%s; its value of %d bytes is left out, it is where it was read"
                .formatted(reason, letter.value().length);
        ProducerRecord<byte[], byte[]> about = DeadLetter.of(names, SERVICE, read, shortened);
        return new ProducerRecord<>(about.topic(), null, about.key(), new byte[0], about.headers());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
