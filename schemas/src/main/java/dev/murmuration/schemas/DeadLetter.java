package dev.murmuration.schemas;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The headers with which a record that cannot be decoded or processed goes to `<service>-dead-letters`, its key and value as read. */
public final class DeadLetter {

    /** Why: one line for a person. */
    public static final String REASON = "dead-letter-reason";
    /** Where it was read: topic, partition and offset in decimal. */
    public static final String TOPIC = "dead-letter-topic";

    /** See {@link #TOPIC}. */
    public static final String PARTITION = "dead-letter-partition";

    /** See {@link #TOPIC}. */
    public static final String OFFSET = "dead-letter-offset";

    /** On a record that was put back from the dead letters: the service, partition and offset of the letter, with slashes between. */
    public static final String REPLAYED = "dead-letter-replayed";

    /** The largest dead letter, in bytes: Kafka's default for what one request may hold is 1 MiB. */
    public static final int MOST_BYTES = 1_000_000;

    private static final int MOST_REASON_CHARS = 1000;
    private static final byte[] LEFT_OUT = {};

    private DeadLetter() {}

    /** The headers of the dead letter: the record's own, then why, in at most 1,000 characters, and where it was read. */
    public static Headers headers(Headers own, String topic, int partition, long offset, String reason) {
        Headers headers = new RecordHeaders(own);
        List<String> named = List.of(REASON, TOPIC, PARTITION, OFFSET);
        named.forEach(headers::remove);
        headers.add(REASON, utf8(reason.substring(0, Math.min(MOST_REASON_CHARS, reason.length()))));
        headers.add(TOPIC, utf8(topic));
        headers.add(PARTITION, utf8(Integer.toString(partition)));
        headers.add(OFFSET, utf8(Long.toString(offset)));
        return headers;
    }

    /** The dead letter of a record that was read as bytes. */
    public static ProducerRecord<byte[], byte[]> of(
            String service, ConsumerRecord<byte[], byte[]> read, String reason) {
        return of(TopicNames.PLAIN, service, read, reason);
    }

    /** The same where topics have these names. */
    public static ProducerRecord<byte[], byte[]> of(
            TopicNames names, String service, ConsumerRecord<byte[], byte[]> read, String reason) {
        return of(names, service, read, reason, MOST_BYTES);
    }

    /**
     * The same with another limit.
     *
     * @param mostBytes of key, value and headers as they were read; the value of a larger record is left out, and the letter says so
     */
    public static ProducerRecord<byte[], byte[]> of(
            TopicNames names, String service, ConsumerRecord<byte[], byte[]> read, String reason, int mostBytes) {
        String topic = names.of(Topics.deadLetters(service));
        if (bytes(read.key(), read.value(), read.headers()) <= mostBytes) {
            Iterable<Header> all = headers(read.headers(), read.topic(), read.partition(), read.offset(), reason);
            return new ProducerRecord<>(topic, null, read.key(), read.value(), all);
        }
        String shortened = reason.substring(0, Math.min(MOST_REASON_CHARS / 2, reason.length()))
                + "; its value of %d bytes is left out, it is where it was read"
                        .formatted(read.value() == null ? 0 : read.value().length);
        boolean keepsHeaders = bytes(read.key(), null, read.headers()) <= mostBytes;
        Iterable<Header> all = headers(
                keepsHeaders ? read.headers() : new RecordHeaders(),
                read.topic(),
                read.partition(),
                read.offset(),
                shortened);
        return new ProducerRecord<>(topic, null, keepsHeaders ? read.key() : null, LEFT_OUT, all);
    }

    /** How many bytes a record takes on the wire, but for some dozens of the protocol's own. */
    public static long bytes(byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        long bytes = (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
        for (Header header : headers) {
            bytes += header.key().length() + (header.value() == null ? 0L : header.value().length);
        }
        return bytes;
    }

    /** The service from whose dead letters a record was put back; empty for one that was not. */
    public static Optional<String> replayedFrom(Headers headers) {
        Header header = headers.lastHeader(REPLAYED);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8).split("/", 2)[0]);
    }

    /**
     * The record that puts a letter back where it was read, on the same topic and partition.
     *
     * @return empty if the letter does not say where that was, or its value was left out because it was too large
     */
    public static Optional<ProducerRecord<byte[], byte[]>> replay(
            String service, ConsumerRecord<byte[], byte[]> letter) {
        Header topic = letter.headers().lastHeader(TOPIC);
        Header partition = letter.headers().lastHeader(PARTITION);
        boolean isKnown = topic != null
                && partition != null
                && Topics.ALL.stream().anyMatch(known -> known.name().equals(text(topic)));
        if (!isKnown || letter.value() == null || letter.value().length == 0) {
            return Optional.empty();
        }
        Headers headers = new RecordHeaders(letter.headers());
        List.of(REASON, TOPIC, PARTITION, OFFSET, REPLAYED).forEach(headers::remove);
        headers.add(REPLAYED, utf8("%s/%d/%d".formatted(service, letter.partition(), letter.offset())));
        return Optional.of(new ProducerRecord<>(
                text(topic), Integer.parseInt(text(partition)), letter.key(), letter.value(), headers));
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
