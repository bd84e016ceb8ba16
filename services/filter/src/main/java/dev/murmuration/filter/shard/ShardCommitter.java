package dev.murmuration.filter.shard;

import dev.murmuration.stage.KafkaTransaction;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Commits shards: one transaction with their events and the offsets they cover. Any exception must end the process; the transaction is then rolled back. */
final class ShardCommitter implements AutoCloseable {

    private final Producer<byte[], byte[]> producer;

    /** Fences off an earlier process of the same name and rolls back its open transaction. */
    ShardCommitter(Map<String, Object> config) {
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    static Map<String, Object> config(String transactionalId, long timeoutMillis) {
        int timeout = Math.toIntExact(timeoutMillis);
        return Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeout,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / 2,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
    }

    void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            TopicPartition partition,
            long nextOffset,
            ConsumerGroupMetadata group) {
        KafkaTransaction.commit(producer, records, Map.of(partition, new OffsetAndMetadata(nextOffset)), group);
    }

    @Override
    public void close() {
        producer.close();
    }
}
