package dev.murmuration.console.rejection;

import dev.murmuration.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Dead letters by service: how many, and the newest. Safe for use by several threads. */
public final class DeadLetterLog {

    /** Letters of one service that are kept. */
    public static final int MAX_NEWEST = 100;

    private static final int MAX_CHARS = 400;

    /**
     * A record that could not be decoded or processed.
     *
     * @param service that gave it up
     * @param key of the record; empty if it had none
     * @param reason for a person
     * @param readFrom topic, partition and offset, with slashes between
     * @param bytes of its value
     * @param value its beginning: text where it is text, else hexadecimal
     * @param at when it was given up
     * @param offset of the letter
     */
    public record Letter(
            String service,
            String key,
            String reason,
            String readFrom,
            int bytes,
            String value,
            Instant at,
            long offset) {}

    private static final class Kept {
        private long count;
        private final Deque<Letter> newest = new ArrayDeque<>();
    }

    private final Map<String, Kept> services = new TreeMap<>();

    /** Takes a record of the dead letters of this service. */
    public synchronized void add(String service, ConsumerRecord<byte[], byte[]> received) {
        Kept kept = services.computeIfAbsent(service, name -> new Kept());
        kept.count++;
        byte[] value = received.value() == null ? new byte[0] : received.value();
        kept.newest.addFirst(new Letter(
                service,
                received.key() == null ? "" : shown(received.key()),
                header(received, DeadLetter.REASON),
                "%s/%s/%s"
                        .formatted(
                                header(received, DeadLetter.TOPIC),
                                header(received, DeadLetter.PARTITION),
                                header(received, DeadLetter.OFFSET)),
                value.length,
                shown(value),
                Instant.ofEpochMilli(received.timestamp()),
                received.offset()));
        if (kept.newest.size() > MAX_NEWEST) {
            kept.newest.removeLast();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> received, String name) {
        @Nullable Header header = received.headers().lastHeader(name);
        return header == null || header.value() == null ? "?" : shown(header.value());
    }

    /** As text if it is UTF-8 without control characters, else in hexadecimal. */
    static String shown(byte[] bytes) {
        int length = Math.min(bytes.length, MAX_CHARS / 3);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + " …" : text;
            }
        } catch (CharacterCodingException e) {
            // No text.
        }
        return HexFormat.ofDelimiter(" ").formatHex(bytes, 0, length) + (bytes.length > length ? " …" : "");
    }

    /** How many letters of each service were read; none for one that has none. */
    public synchronized Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        services.forEach((service, kept) -> counts.put(service, kept.count));
        return counts;
    }

    /** Up to {@code most} dead letters of a service, newest first. */
    public synchronized List<Letter> newest(String service, int most) {
        Kept kept = services.get(service);
        return kept == null ? List.of() : kept.newest.stream().limit(most).toList();
    }
}
