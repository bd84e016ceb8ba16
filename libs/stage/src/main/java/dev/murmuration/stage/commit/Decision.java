package dev.murmuration.stage.commit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What a stage makes of the records that it has read, committed in one transaction.
 *
 * @param records to send, in this order
 * @param next the next offset to read, by partition
 */
public record Decision(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> next) {

    /** Copies both. */
    public Decision {
        records = List.copyOf(records);
        next = Map.copyOf(next);
    }

    /** The decision about a whole batch. */
    public static Decision about(ConsumerRecords<byte[], byte[]> batch, List<ProducerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition partition : batch.partitions()) {
            next.put(partition, next(batch.records(partition).getLast()));
        }
        return new Decision(records, next);
    }

    /** The decision about a record. */
    public static Decision about(ConsumerRecord<byte[], byte[]> read, List<ProducerRecord<byte[], byte[]>> records) {
        return new Decision(records, Map.of(new TopicPartition(read.topic(), read.partition()), next(read)));
    }

    private static OffsetAndMetadata next(ConsumerRecord<byte[], byte[]> read) {
        return new OffsetAndMetadata(read.offset() + 1, read.leaderEpoch(), "");
    }
}
