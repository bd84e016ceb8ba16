package dev.murmuration.trainer;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Validation;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.commit.Assignments;
import dev.murmuration.stage.commit.ChannelDriver;
import dev.murmuration.stage.commit.Decision;
import dev.murmuration.stage.commit.Fatal;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.commit.TransactionFailedException;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.commit.Work;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.data.Prefetcher;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.DivergedException;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.TrainingListener;
import dev.murmuration.trainer.run.TrainingRun;
import dev.murmuration.trainer.run.TrainingStep;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code shards}, writes {@code checkpoints}. The object comes first; then the event, the dead letters of the meantime, an
 * end-of-feed marker where one is due and the offset are one transaction, so that a run is always exactly at a checkpoint,
 * however often this process dies.
 */
@ApplicationScoped
class Trainer implements Work {

    private static final Logger LOG = Logger.getLogger(Trainer.class);
    private static final String INCOMING = "shards";
    private static final TopicPartition SHARDS = new TopicPartition(Topics.SHARDS.name(), 0);

    private final TrainerSettings settings;
    private final TrainerFactory factory;
    private final EventWriter writer;
    private final EventReader<Shard> reader;
    private final RegistrySettings registry;
    private final TrainerMetrics metrics;
    private final Heartbeat heartbeat;
    private final Assignments assignments;
    private final Map<String, Object> kafka;
    private final ChannelDriver driver;
    private final StepLock stepLock = new StepLock();
    private final List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();

    private volatile RunState state = new RunState.NotOpen();
    private volatile @Nullable Thread learning;
    private Set<String> replaced = Set.of();

    /** By injection. */
    @Inject
    Trainer(
            TrainerSettings settings,
            TrainerFactory factory,
            EventWriter writer,
            RegistrySettings registry,
            TrainerMetrics metrics,
            KafkaClientService clients,
            Assignments assignments,
            Transactions transactions,
            @Liveness Heartbeat heartbeat,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.factory = factory;
        this.writer = writer;
        this.reader = EventReader.of(registry, Topics.SHARDS, Shard.class);
        this.registry = registry;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.assignments = assignments;
        this.kafka = kafka;
        this.driver = new ChannelDriver(INCOMING, clients, assignments, transactions, heartbeat, this);
    }

    /** Before the platform is waited for. */
    void check(@Observes @Priority(0) StartupEvent event) {
        factory.check();
    }

    /** After the platform was waited for, before the channels open. */
    void open(@Observes @Priority(2) StartupEvent event) {
        if (factory.mode() != Mode.STREAM) {
            return;
        }
        driver.open();
        Plan plan = factory.plan();
        WorkFolder work = factory.workFolder();
        ShardSource shards = factory.shards(plan, work, this::isEnding);
        try (EventReader<Checkpoint> checkpoints = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class)) {
            List<Checkpoint> past =
                    CommittedEvents.events(CommittedEvents.of(Topics.CHECKPOINTS, plan.run(), kafka, checkpoints));
            TrainingRun run = factory.runs(plan, shards, work).open(past);
            OpenRun open = new OpenRun(
                    plan,
                    shards,
                    run,
                    factory.checkpoints(plan, work, past),
                    new CheckpointTimer(settings.checkpoint(), run),
                    new ProgressLog(plan.run(), settings.logInterval(), run.samplesSeen()),
                    factory.samplesAhead(plan));
            change(before -> RunState.opened(before, open));
        }
        assignments.startAt(partition -> offset());
        factory.gpuMemory().ifPresent(metrics::watchGpu);
    }

    /** The offset to read from, whatever the group has committed: that of the checkpoint. */
    private long offset() {
        return state.opened().run().offset();
    }

    /** Changes the state and returns the one before. */
    private synchronized RunState change(UnaryOperator<RunState> to) {
        RunState before = state;
        state = to.apply(before);
        return before;
    }

    private boolean isEnding() {
        return state.isEnding();
    }

    /** Saves what was learned since the last checkpoint. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        driver.stop();
        change(RunState::stopped);
        Optional<OpenRun> open = state.open();
        if (open.isPresent()) {
            save(open.get());
        }
    }

    private void save(OpenRun open) throws InterruptedException {
        long begin = System.nanoTime();
        if (!stepLock.tryLock(settings.stopTimeout())) {
            LOG.warnf(
                    "no final checkpoint: the one in progress did not finish within trainer.stop-timeout = %s",
                    settings.stopTimeout());
            Optional.ofNullable(learning).ifPresent(Thread::interrupt);
            return;
        }
        try {
            if (state instanceof RunState.Stopping && open.timer().hasSteps(open.run())) {
                checkpoint(open, List.of(), Optional.empty()); // Measuring can take longer than a stop may.
            }
            if (stepLock.awaitGradient(settings.stopTimeout().minusNanos(System.nanoTime() - begin))) {
                open.run().close();
            } else {
                LOG.warnf(
                        "gradient still running after trainer.stop-timeout = %s; shutting down without it",
                        settings.stopTimeout());
            }
            reader.close();
        } catch (TransactionFailedException | IllegalStateException | DivergedException e) {
            LOG.warn("no final checkpoint: the next start continues from the last one", e);
        } finally {
            stepLock.unlock();
        }
    }

    @Incoming(INCOMING)
    @Blocking("training")
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    void train(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        driver.process(batch, read);
    }

    @Override
    public void process(ConsumerRecords<byte[], byte[]> batch) {
        betweenSteps(() -> {
            factory.useThreads();
            process(state.opened(), batch.records(SHARDS));
        });
    }

    /** Takes a due checkpoint while the stream pauses. */
    @Override
    public void idle() {
        if (state instanceof RunState.Learning(OpenRun open) && open.timer().isDue(open.run())) {
            betweenSteps(() -> checkpoint(open, List.of(), open.run().validate()));
        }
    }

    private void betweenSteps(Runnable work) {
        stepLock.lock();
        learning = Thread.currentThread();
        try {
            if (!isEnding()) {
                work.run();
            }
        } catch (CancellationException e) {
            throw e; // The step or shard in progress was abandoned for a stop, which saves what was learned before.
        } catch (RuntimeException e) {
            change(RunState::failed);
            if (e instanceof DivergedException) {
                Fatal.exit(DivergedException.ADVICE, e);
            }
            throw e;
        } finally {
            learning = null;
            stepLock.unlock();
        }
    }

    // While one shard is learned the next one of the batch is fetched and decoded.
    private void process(OpenRun open, List<ConsumerRecord<byte[], byte[]>> batch) {
        // What was read before a rebalance comes again after it.
        List<ConsumerRecord<byte[], byte[]>> records =
                batch.stream().filter(record -> record.offset() >= offset()).toList();
        PrefetchedShard.Look look = new PrefetchedShard.Look(
                reader, open::wants, known -> open.shards().all(known), open.samplesAhead());
        try (Prefetcher<PrefetchedShard> prefetcher =
                new Prefetcher<>(0, records.size(), number -> look.at(records.get((int) number), number == 0))) {
            for (int i = 0; i < records.size() && !isEnding(); i++) {
                heartbeat.beat();
                process(open, records.get(i), prefetcher.next());
            }
        }
    }

    private void process(OpenRun open, ConsumerRecord<byte[], byte[]> record, PrefetchedShard arrival) {
        switch (arrival.event()) {
            case Decoded.Event<Shard>(Shard shard) -> learn(open, record, shard, arrival);
            case Decoded.Ended<Shard>(EndOfFeed marker) -> end(open, record, marker);
            case Decoded.Tombstone<Shard> tombstone ->
                deadLetter(open, record, "a null value: shards are never deleted");
            case Decoded.Undecodable<Shard>(String reason) -> deadLetter(open, record, reason);
        }
    }

    private void learn(OpenRun open, ConsumerRecord<byte[], byte[]> record, Shard shard, PrefetchedShard arrival) {
        TrainingRun run = open.run();
        if (!open.wants(shard)) {
            run.skip(record.offset());
            return;
        }
        Optional<String> replaces = ReplacedShard.in(record.headers());
        if (replaces.isPresent() && !run.awaits(replaces.get())) {
            LOG.infof("%s replaces %s, which was already learned", shard.getKey(), replaces.get());
            run.skip(record.offset());
            return;
        }
        replaces.ifPresent(run::continueWith);
        ShardReference known = new ShardReference(shard.getKey(), shard.getSha256());
        switch (arrival.contents().orElseGet(() -> open.shards().all(known))) {
            case Fetched.Found<ShardDecoder.Contents>(ShardDecoder.Contents contents) -> {
                metrics.read(contents);
                contents.odd().forEach(odd -> LOG.warnf("%s: skipped %s", known.key(), odd));
                boolean isDone = true;
                if (shard.getSplit() == Split.val) {
                    run.validation(contents.samples(), record.offset());
                } else {
                    isDone = run.learn(contents.samples(), record.offset(), listener(open));
                }
                if (isDone) {
                    replaces.ifPresent(run::arrived);
                }
            }
            case Fetched.Missing<ShardDecoder.Contents> missing -> {
                if (isReplaced(open, known.key())) {
                    LOG.infof("%s is gone: a later shard replaces it", known.key());
                    run.await(known.key(), record.offset());
                    replaces.ifPresent(run::arrived);
                } else {
                    deadLetter(open, record, known.key() + " is not in the store");
                }
            }
            case Fetched.Damaged<ShardDecoder.Contents>(String detail) -> deadLetter(open, record, detail);
        }
    }

    // The event of the new shard is committed before the old one is deleted.
    private boolean isReplaced(OpenRun open, String key) {
        if (!replaced.contains(key)) {
            try (EventReader<Shard> another = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
                replaced = CommittedEvents.replaced(
                        CommittedEvents.of(Topics.SHARDS, open.plan().dataset(), kafka, another));
            }
        }
        return replaced.contains(key);
    }

    private void end(OpenRun open, ConsumerRecord<byte[], byte[]> record, EndOfFeed marker) {
        switch (open.run().end(marker, record.offset(), listener(open))) {
            case OPEN ->
                LOG.debugf("feed %s: partition %d of %d has ended", marker.feed(), marker.partition(), marker.of());
            case STOPPED -> LOG.info("stopped before the budget was used up");
            case DONE -> {
                LOG.infof("feed %s has ended, and the run's budget is used up", marker.feed());
                checkpoint(
                        open,
                        List.of(marker.passedOn(Topics.CHECKPOINTS.name())),
                        open.run().validate());
            }
        }
    }

    private TrainingListener listener(OpenRun open) {
        return stepLock.listener(made -> stepped(open, made), this::isEnding);
    }

    private boolean stepped(OpenRun open, TrainingStep made) {
        heartbeat.beat();
        metrics.stepped(made, open.plan().batch());
        open.log().stepped(made, metrics);
        if (open.timer().isDue(open.run()) && !isEnding()) {
            checkpoint(open, List.of(), open.run().validate());
        }
        return !isEnding();
    }

    private void checkpoint(OpenRun open, List<ProducerRecord<byte[], byte[]>> more, Optional<Validation> validation) {
        TrainingRun run = open.run();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(deadLetters);
        Optional<Checkpoint> stored = Optional.empty();
        if (run.step() > 0) {
            validation.ifPresent(metrics::validated);
            Checkpoint checkpoint =
                    open.checkpoints().put(run, List.of(new ShardOffset(SHARDS.partition(), run.offset())), validation);
            stored = Optional.of(checkpoint);
            byte[] key = checkpoint.getRun().getBytes(StandardCharsets.UTF_8);
            records.add(
                    new ProducerRecord<>(Topics.CHECKPOINTS.name(), key, writer.write(Topics.CHECKPOINTS, checkpoint)));
            LOG.info(CheckpointStore.line(checkpoint));
        } else {
            LOG.warnf(
                    "no sample of data set %s was learned: there is nothing to store",
                    open.plan().dataset());
        }
        records.addAll(more);
        if (!driver.commit(new Decision(records, Map.of(SHARDS, new OffsetAndMetadata(run.offset()))))) {
            throw new IllegalStateException("the shards were taken away from this run: another process may learn them");
        }
        stored.ifPresent(checkpoint -> {
            run.shardLog().recordedBy(checkpoint.getSha256());
            open.checkpoints().committed(checkpoint);
        });
        deadLetters.clear();
        metrics.checkpointed();
        open.timer().taken(run);
    }

    private void deadLetter(OpenRun open, ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warnf("record %d of shards: to the dead letters: %s", record.offset(), reason);
        metrics.deadLettered();
        deadLetters.add(DeadLetter.of("trainer", record, reason));
        open.run().skip(record.offset());
    }
}
