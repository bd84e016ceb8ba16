package dev.murmuration.stage;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One short Kafka transaction: what a stage produced and how far it has read, both or neither. Everything is encoded before it begins.
 *
 * <p>It drives the producer behind a SmallRye channel by hand: SmallRye's own {@code KafkaTransactions} recovers from a failed commit by aborting and then reports
 * success (read in 4.33), so that the records would be lost until a restart. Here whatever fails inside ends the process by {@link Fatal}, and the next start goes
 * on from the last commit.
 */
@ApplicationScoped
public class Transactions {

    private static final Duration FOR_METADATA = Duration.ofSeconds(30);

    private final KafkaClientService clients;

    /** By injection. */
    @Inject
    public Transactions(KafkaClientService clients) {
        this.clients = clients;
    }

    /**
     * Sends these records in their order and commits these positions of the consumer. Returns when both are committed; else the process is ending and this throws.
     *
     * @param outgoing the channel whose producer has a {@code transactional.id}, keys and values as bytes
     * @param records what to send, on any topic
     * @param incoming the channel whose consumer read {@code consumed}
     * @param generation the consumer group's generation when the records were read, from their metadata: if partitions have moved since, their new owner reads them again
     * @param consumed the next offset to read, by partition
     * @throws TransactionFailedException always after {@link Fatal#exit}
     */
    public void commit(
            String outgoing,
            List<ProducerRecord<byte[], byte[]>> records,
            String incoming,
            int generation,
            Map<TopicPartition, OffsetAndMetadata> consumed) {
        try {
            KafkaConsumer<byte[], byte[]> consumer = clients.getConsumer(incoming);
            ConsumerGroupMetadata group =
                    consumer.consumerGroupMetadata().await().atMost(FOR_METADATA);
            if (group.generationId() != generation) {
                throw new IllegalStateException("the group %s was rebalanced, generation %d is now %d"
                        .formatted(group.groupId(), generation, group.generationId()));
            }
            KafkaTransaction.commit(producer(outgoing), records, consumed, group);
        } catch (RuntimeException e) {
            throw failed(outgoing, e);
        }
    }

    /**
     * Sends these records in their order, all or none: for a stage whose position is itself among the records.
     *
     * @param outgoing the channel whose producer has a {@code transactional.id}, keys and values as bytes
     * @throws TransactionFailedException always after {@link Fatal#exit}
     */
    public void commit(String outgoing, List<ProducerRecord<byte[], byte[]>> records) {
        try {
            KafkaTransaction.commit(producer(outgoing), records);
        } catch (RuntimeException e) {
            throw failed(outgoing, e);
        }
    }

    private Producer<byte[], byte[]> producer(String outgoing) {
        return clients.<byte[], byte[]>getProducer(outgoing).unwrap();
    }

    private static TransactionFailedException failed(String outgoing, Exception cause) {
        Fatal.exit("the Kafka transaction of channel " + outgoing + " failed", cause);
        return new TransactionFailedException(outgoing, cause);
    }
}
