package dev.murmuration.console.topic;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where and when a record was written.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset there
 * @param at its time stamp, by the producer
 */
public record Position(String topic, int partition, long offset, Instant at) {

    /** The position of a record. */
    public static Position of(ConsumerRecord<?, ?> written) {
        return new Position(
                written.topic(), written.partition(), written.offset(), Instant.ofEpochMilli(written.timestamp()));
    }
}
