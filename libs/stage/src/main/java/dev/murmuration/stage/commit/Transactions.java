package dev.murmuration.stage.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The stage's transactional producer. Whatever fails in a transaction ends the process by {@link Fatal}, and the next start
 * continues from the last commit. (SmallRye's own {@code KafkaTransactions} recovers from a failed commit by aborting and then
 * reports success, as of 4.33, so that the records would be lost until a restart.)
 */
public final class Transactions implements AutoCloseable {

    private static final Duration TO_CLOSE = Duration.ofSeconds(5);

    private final String id;
    private final Supplier<Producer<byte[], byte[]>> factory;
    private final Consumer<Producer<?, ?>> opened;
    private volatile @Nullable Producer<byte[], byte[]> producer;

    /**
     * Connects to nothing yet.
     *
     * @param kafka settings of Kafka's clients, by Kafka's names
     * @param id the {@code transactional.id}
     * @param timeout the broker rolls back a transaction that is open for longer
     * @param opened receives the producer once it is open, to measure it
     */
    public Transactions(Map<String, Object> kafka, String id, Duration timeout, Consumer<Producer<?, ?>> opened) {
        this(id, () -> producer(kafka, id, timeout), opened);
    }

    Transactions(String id, Supplier<Producer<byte[], byte[]>> factory, Consumer<Producer<?, ?>> opened) {
        this.id = id;
        this.factory = factory;
        this.opened = opened;
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> kafka, String id, Duration timeout) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(timeout.toMillis()));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Fences off an earlier process with the same id and rolls back its open transaction, so that the committed positions are
     * final. Called before anything is read, once.
     */
    public void open() {
        Producer<byte[], byte[]> opening = factory.get();
        producer = opening;
        opening.initTransactions();
        opened.accept(opening);
    }

    /**
     * Sends these records in their order, all or none: for a stage whose position is itself among the records.
     *
     * @throws TransactionFailedException if the transaction did not commit; the process is ending
     */
    public void commit(List<ProducerRecord<byte[], byte[]>> records) {
        orExit(() -> KafkaTransaction.commit(producer(), records));
    }

    /**
     * Sends records and commits the positions that they cover, both or neither.
     *
     * @param group as of the poll that returned what was consumed, or of a later one that left its partitions to this process
     * @throws TransactionFailedException if the transaction did not commit; the process is ending
     */
    void commit(Decision decision, ConsumerGroupMetadata group) {
        orExit(() -> KafkaTransaction.commit(producer(), decision.records(), decision.next(), group));
    }

    private void orExit(Runnable transaction) {
        try {
            transaction.run();
        } catch (RuntimeException e) {
            Fatal.exit("a Kafka transaction of " + id + " failed", e);
            throw new TransactionFailedException(id, e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            throw new IllegalStateException("the producer is not open yet");
        }
        return open;
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(TO_CLOSE);
        }
    }
}
