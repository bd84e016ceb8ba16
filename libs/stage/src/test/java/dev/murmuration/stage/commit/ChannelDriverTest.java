package dev.murmuration.stage.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChannelDriverTest {

    private static final TopicPartition FIRST = new TopicPartition("tweets", 0);
    private static final TopicPartition SECOND = new TopicPartition("tweets", 1);
    private static final List<ProducerRecord<byte[], byte[]>> OUTGOING =
            List.of(new ProducerRecord<>("scored-tweets", new byte[] {1}, new byte[] {2}));

    private final AssignmentsTest.GenerationConsumer consumer = new AssignmentsTest.GenerationConsumer();
    private final Assignments assignments = new Assignments();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<TopicPartition> dropped = new ArrayList<>();
    private final List<Long> processed = new ArrayList<>();
    private final ChannelDriver driver = new ChannelDriver(
            "tweets",
            clients(),
            assignments,
            new Transactions("teacher-0", () -> producer, opened -> {}),
            new Heartbeat("scoring", Duration.ofMinutes(3), Clock.systemUTC()),
            new Collecting());

    private final class Collecting implements Work {
        @Override
        public void process(ConsumerRecords<byte[], byte[]> batch) {
            batch.forEach(record -> processed.add(record.offset()));
        }

        @Override
        public void drop(TopicPartition partition) {
            dropped.add(partition);
        }
    }

    @BeforeEach
    void open() {
        driver.open();
        assignments.onPartitionsAssigned(consumer, List.of(FIRST, SECOND));
    }

    @Test
    void commitsRecordsAndTheNextOffsetsTogether() {
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST, SECOND);
        driver.process(batch, polledIn(1, batch));

        boolean committed = driver.commit(Decision.about(batch, OUTGOING));

        assertThat(committed).isTrue();
        assertThat(producer.history()).isEqualTo(OUTGOING);
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of(
                        "teacher",
                        Map.of(
                                FIRST, new OffsetAndMetadata(8, Optional.empty(), ""),
                                SECOND, new OffsetAndMetadata(8, Optional.empty(), ""))));
    }

    @Test
    void commitsNothingOfPartitionsThatWereTakenAway() {
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST);
        driver.process(batch, polledIn(1, batch));
        rebalance(FIRST);

        boolean committed = driver.commit(Decision.about(batch, OUTGOING));

        assertThat(committed).isFalse();
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    void refusesADecisionOfWhichARebalanceLeftAPart() {
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST, SECOND);
        driver.process(batch, polledIn(1, batch));
        rebalance(FIRST);

        assertThatThrownBy(() -> driver.commit(Decision.about(batch, OUTGOING)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only [tweets-1] are left");
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    void refusesADecisionOfAMemberThatWasThrownOut() {
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST);
        driver.process(batch, polledIn(1, batch));
        consumer.generation = -1;

        assertThatThrownBy(() -> driver.commit(Decision.about(batch, OUTGOING)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    void commitsWhatACooperativeRebalanceLeft() {
        ConsumerRecords<byte[], byte[]> batch = batch(SECOND);
        driver.process(batch, polledIn(1, batch));
        rebalance(FIRST);

        boolean committed = driver.commit(Decision.about(batch, OUTGOING));

        assertThat(committed).isTrue();
    }

    @Test
    void dropsWhatIsOpenBeforeItReadsAPartitionAgain() {
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST);
        driver.process(batch, polledIn(1, batch));
        rebalance(FIRST);

        driver.process(batch, polledIn(2, batch));

        assertThat(dropped).containsExactly(FIRST);
        assertThat(driver.commit(Decision.about(batch, OUTGOING))).isTrue();
    }

    @Test
    void processesNoBatchThatWasPolledBeforeARebalance() {
        rebalance(FIRST);
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST);

        driver.process(batch, polledIn(1, batch));

        assertThat(processed).isEmpty();
    }

    @Test
    void processesNothingAfterAStop() {
        driver.stop();
        ConsumerRecords<byte[], byte[]> batch = batch(FIRST);

        driver.process(batch, polledIn(1, batch));

        assertThat(processed).isEmpty();
    }

    private void rebalance(TopicPartition lost) {
        assignments.onPartitionsRevoked(consumer, List.of(lost));
        consumer.generation++;
        assignments.onPartitionsAssigned(consumer, List.of());
    }

    private static ConsumerRecords<byte[], byte[]> batch(TopicPartition... partitions) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        for (TopicPartition partition : partitions) {
            records.put(
                    partition,
                    List.of(new ConsumerRecord<>(
                            partition.topic(), partition.partition(), 7, new byte[] {1}, new byte[] {2})));
        }
        return new ConsumerRecords<>(records, Map.of());
    }

    private static IncomingKafkaRecordBatchMetadata<byte[], byte[]> polledIn(
            int generation, ConsumerRecords<byte[], byte[]> batch) {
        return new IncomingKafkaRecordBatchMetadata<>(batch, List.of(), "tweets", -1, Map.of(), generation);
    }

    /** SmallRye's clients, as far as the driver uses them. */
    private KafkaClientService clients() {
        KafkaConsumer<?, ?> channel = proxy(
                KafkaConsumer.class,
                "consumerGroupMetadata",
                () -> Uni.createFrom().item(consumer::groupMetadata));
        return proxy(KafkaClientService.class, "getConsumer", () -> channel);
    }

    private static <T> T proxy(Class<T> type, String known, Supplier<Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                ChannelDriverTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals(known)) {
                        return answer.get();
                    }
                    throw new UnsupportedOperationException(method.getName());
                }));
    }
}
