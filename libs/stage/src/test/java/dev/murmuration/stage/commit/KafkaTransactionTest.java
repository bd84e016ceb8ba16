package dev.murmuration.stage.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaTransactionTest {

    private static final List<ProducerRecord<byte[], byte[]>> RECORDS =
            List.of(new ProducerRecord<>("topic", new byte[] {1}, new byte[] {2}));

    @Test
    void doesNotWaitForTheTransactionOfAnotherProducer() throws Exception {
        CyclicBarrier bothCommit = new CyclicBarrier(2);
        Consumer<TransactionalProducer> meet = it -> {
            try {
                bothCommit.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("one producer waited for the other", e);
            }
        };
        TransactionalProducer one = new TransactionalProducer(meet);
        TransactionalProducer another = new TransactionalProducer(meet);

        commitTogether(one, another);

        assertThat(one.commitCount()).isEqualTo(1);
        assertThat(another.commitCount()).isEqualTo(1);
    }

    @Test
    void holdsTheLockOfItsProducerWhileItCommits() {
        AtomicBoolean held = new AtomicBoolean();
        TransactionalProducer producer = new TransactionalProducer(it -> held.set(Thread.holdsLock(it)));

        KafkaTransaction.commit(producer, RECORDS);

        assertThat(held).isTrue();
    }

    private static void commitTogether(TransactionalProducer... producers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(producers.length)) {
            List<Callable<Void>> commits = Arrays.stream(producers)
                    .<Callable<Void>>map(producer -> () -> {
                        KafkaTransaction.commit(producer, RECORDS);
                        return null;
                    })
                    .toList();
            for (Future<Void> commit : threads.invokeAll(commits)) {
                commit.get();
            }
        }
    }

    /** Confirms every record at once, and does something while it commits. */
    private static final class TransactionalProducer extends MockProducer<byte[], byte[]> {

        private final Consumer<TransactionalProducer> whileCommitting;

        TransactionalProducer(Consumer<TransactionalProducer> whileCommitting) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.whileCommitting = whileCommitting;
            initTransactions();
        }

        @Override
        public void commitTransaction() {
            whileCommitting.accept(this);
            super.commitTransaction();
        }
    }
}
