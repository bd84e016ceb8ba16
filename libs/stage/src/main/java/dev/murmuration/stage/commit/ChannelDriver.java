package dev.murmuration.stage.commit;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Drives a stage that reads a channel: batch in, decisions committed. SmallRye joins the group, polls, pauses the partitions
 * while a batch is processed, and passes batches one at a time; it acknowledges and commits nothing
 * ({@code Acknowledgment.Strategy.NONE} and {@code commit-strategy=ignore}). A failure ends the process and closes the channel,
 * and nothing is committed after it.
 */
public final class ChannelDriver {

    private static final Logger LOG = Logger.getLogger(ChannelDriver.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration FOR_METADATA = Duration.ofSeconds(30);

    private final String channel;
    private final KafkaClientService clients;
    private final Assignments assignments;
    private final Transactions transactions;
    private final Heartbeat heartbeat;
    private final Work work;
    private final ReentrantLock working = new ReentrantLock();
    private final ScheduledExecutorService timer;
    /** The generation of the group in which what is not committed yet of a partition was read. */
    private final Map<TopicPartition, Integer> readIn = new ConcurrentHashMap<>();

    private volatile boolean isStopping;
    private volatile boolean hasFailed;

    /**
     * @param channel an incoming channel in batches, whose {@code consumer-rebalance-listener.name} is that of the assignments
     * @param work what the stage does
     */
    public ChannelDriver(
            String channel,
            KafkaClientService clients,
            Assignments assignments,
            Transactions transactions,
            Heartbeat heartbeat,
            Work work) {
        this.channel = channel;
        this.clients = clients;
        this.assignments = assignments;
        this.transactions = transactions;
        this.heartbeat = heartbeat;
        this.work = work;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(channel + "-timer").factory());
    }

    /** Opens the producer: after the platform was waited for, before the channel opens. */
    public void open() {
        transactions.open();
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets the work in progress come to an end and begins no more. Commits are still possible. Waits for nothing. */
    public void stop() {
        isStopping = true;
        timer.shutdown();
    }

    /** Whether the work in progress should come to an end: the process is stopping, or the work has failed. */
    public boolean isEnding() {
        return isStopping || hasFailed;
    }

    /** Waits until no work is in progress; returns false on timeout. */
    public boolean awaitRest(Duration timeout) throws InterruptedException {
        if (!working.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        working.unlock();
        return true;
    }

    /**
     * Has a batch processed.
     *
     * @param read tells in which generation of the group the batch was polled
     * @throws RuntimeException if that failed; the process is ending
     */
    public void process(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        exclusively(() -> {
            heartbeat.beat();
            try {
                batch.partitions().forEach(partition -> readIn.put(partition, read.getConsumerGroupGenerationId()));
                if (batch.partitions().stream().anyMatch(this::holds)) {
                    work.process(batch);
                }
            } finally {
                heartbeat.rest();
            }
        });
    }

    // An exception would end the timer. Those of the work have ended the process already.
    private void tick() {
        try {
            look();
            if (working.tryLock()) {
                try {
                    exclusively(work::idle);
                } finally {
                    working.unlock();
                }
            }
        } catch (RuntimeException e) {
            LOG.debugf(e, "%s: while nothing was read", channel);
        }
    }

    private void look() {
        KafkaConsumer<byte[], byte[]> consumer = clients.getConsumer(channel);
        if (consumer != null) {
            // What counts as a failure is that no answer comes.
            consumer.runOnPollingThread(ChannelDriver::lag).subscribe().with(heartbeat::waiting, failure -> {});
        }
    }

    private static long lag(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void exclusively(Step step) {
        working.lock();
        try {
            if (isEnding()) {
                return;
            }
            dropLost();
            step.run();
        } catch (InterruptedException e) {
            hasFailed = true;
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // what no record is to blame for: see FaultIsolation
            failed(e);
        } finally {
            working.unlock();
        }
    }

    private void failed(Throwable failure) {
        boolean wasStopping = isStopping;
        hasFailed = true;
        if (wasStopping && failure instanceof CancellationException) {
            LOG.infof("stopped: work on %s that is not committed is done again at the next start", channel);
            return;
        }
        if (wasStopping) {
            LOG.warnf(failure, "work on %s was abandoned, since the process is stopping", channel);
            return;
        }
        Fatal.exit("work on " + channel + " failed", failure);
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private void dropLost() {
        readIn.keySet().removeIf(partition -> {
            boolean isLost = !holds(partition);
            if (isLost) {
                work.drop(partition);
            }
            return isLost;
        });
    }

    /** Whether what was read of this partition may still be committed. */
    public boolean holds(TopicPartition partition) {
        Integer generation = readIn.get(partition);
        return generation != null && assignments.holds(partition, generation);
    }

    /**
     * Commits a decision in one transaction, unless its partitions have been taken away since its records were read.
     *
     * @return whether it was committed; if not, its records are read again, here or by the partitions' new owner
     * @throws TransactionFailedException if the transaction did not commit; the process is ending
     * @throws IllegalStateException if only some of the partitions were taken away: skipping the others would leave a gap
     */
    public boolean commit(Decision decision) {
        // Looked up before the partitions are checked: if one is taken away after that, the generation is over and the
        // broker refuses.
        ConsumerGroupMetadata group =
                clients.getConsumer(channel).consumerGroupMetadata().await().atMost(FOR_METADATA);
        Set<TopicPartition> covered = decision.next().keySet();
        List<TopicPartition> held = covered.stream().filter(this::holds).toList();
        if (held.isEmpty()) {
            LOG.infof("%s: taken away before a decision was committed", covered);
            return false;
        }
        boolean isOfThisGeneration = held.stream()
                .allMatch(partition -> readIn.getOrDefault(partition, Integer.MAX_VALUE) <= group.generationId());
        if (held.size() < covered.size() || !isOfThisGeneration) {
            throw new IllegalStateException("group %s was rebalanced: of %s only %s are left in generation %d"
                    .formatted(group.groupId(), covered, held, group.generationId()));
        }
        transactions.commit(decision, group);
        return true;
    }
}
