package dev.murmuration.stage.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The body of every transaction of the stages and their commands: records in their order and the positions that they cover, both
 * or neither. It begins nothing once the process is ending by {@link Fatal}, and returns only after the broker has confirmed each
 * record. Any exception leaves the transaction to be rolled back by the end of the process, or by closing the producer.
 */
public final class KafkaTransaction {

    private KafkaTransaction() {}

    /**
     * Commits records and positions.
     *
     * @param producer has a {@code transactional.id} and is initialised
     * @param consumed the next offset to read, by partition
     * @param group as of the poll that returned what was consumed, so that the broker rejects a member of an earlier generation
     * @throws KafkaException if the transaction did not commit
     */
    public static void commit(
            Producer<byte[], byte[]> producer,
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> consumed,
            ConsumerGroupMetadata group) {
        commit(producer, records, () -> producer.sendOffsetsToTransaction(consumed, group));
    }

    /**
     * Commits records, for a stage whose position is one of them.
     *
     * @throws KafkaException if the transaction did not commit
     */
    public static void commit(Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
        commit(producer, records, () -> {});
    }

    // One transaction of a producer at a time; other producers do not wait for it.
    private static void commit(
            Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records, Runnable offsets) {
        synchronized (producer) {
            if (Fatal.isEnding()) {
                throw new IllegalStateException("the process is ending; nothing is committed after a failure");
            }
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            offsets.run();
            producer.commitTransaction();
            for (Future<RecordMetadata> each : sent) {
                confirm(each);
            }
        }
    }

    private static void confirm(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e); // Sets the thread's flag again.
        } catch (ExecutionException e) {
            throw new KafkaException("a record was not sent although its transaction committed", e.getCause());
        }
    }
}
