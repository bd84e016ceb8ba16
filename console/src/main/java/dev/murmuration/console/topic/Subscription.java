package dev.murmuration.console.topic;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic to follow.
 *
 * @param topic its name
 * @param history how many records of each partition are read at the start, the newest ones
 * @param sink receives every record
 */
public record Subscription(String topic, long history, Consumer<ConsumerRecord<byte[], byte[]>> sink) {

    /** Events of a topic, decoded. What cannot be decoded is passed to {@code undecodable} as a reason. */
    public static <T extends SpecificRecord> Subscription events(
            Topic topic, long history, EventReader<T> reader, EventListener<T> listener, Consumer<String> undecodable) {
        return new Subscription(topic.name(), history, received -> {
            switch (reader.read(received.headers(), received.value())) {
                case Decoded.Event<T>(T event) -> listener.event(event, Position.of(received));
                case Decoded.Tombstone<T> tombstone -> listener.deleted(key(received));
                case Decoded.Ended<T> ended -> {}
                case Decoded.Undecodable<T>(String reason) -> undecodable.accept(reason);
            }
        });
    }

    private static String key(ConsumerRecord<byte[], byte[]> received) {
        return received.key() == null ? "" : new String(received.key(), StandardCharsets.UTF_8);
    }
}
