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
import dev.murmuration.stage.Fatal;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.TransactionFailedException;
import dev.murmuration.stage.Transactions;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.data.Ahead;
import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.ShardTar;
import dev.murmuration.trainer.data.Shards;
import dev.murmuration.trainer.run.Course;
import dev.murmuration.trainer.run.DivergedException;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.StandStill;
import dev.murmuration.trainer.run.Step;
import dev.murmuration.trainer.run.Watch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code shards}, writes {@code checkpoints}. The object comes first; then the event, the dead letters of the meantime, an end-of-feed marker where one is due
 * and the offset are one transaction, so that a run is always exactly at a checkpoint, however often this process dies.
 */
@ApplicationScoped
class Trainer {

    private static final Logger LOG = Logger.getLogger(Trainer.class);
    static final String INCOMING = "shards";
    private static final String OUTGOING = "checkpoints";
    private static final TopicPartition SHARDS = new TopicPartition(Topics.SHARDS.name(), 0);

    private final TrainerSettings settings;
    private final Workshop workshop;
    private final EventWriter writer;
    private final EventReader<Shard> reader;
    private final RegistrySettings registry;
    private final Transactions transactions;
    private final TrainerMetrics metrics;
    private final Heartbeat heartbeat;
    private final Map<String, Object> kafka;
    private final StandStill working = new StandStill();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("checkpoint-timer").factory());
    private final List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();

    private @Nullable OpenRun run;
    private Set<String> replaced = Set.of();
    private boolean streaming;
    private volatile boolean stopping;
    private volatile boolean failed;
    private volatile @Nullable Thread learning;
    private int generation;
    private long stepOfCheckpoint;
    private long samplesOfCheckpoint;
    private long checkpointedAt = System.nanoTime();

    /** By injection. The emitter is what makes SmallRye open the producer behind the channel, which {@link Transactions} drives. */
    @Inject
    Trainer(
            TrainerSettings settings,
            Workshop workshop,
            EventWriter writer,
            RegistrySettings registry,
            Transactions transactions,
            TrainerMetrics metrics,
            Heartbeat heartbeat,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @Channel(OUTGOING) Instance<Emitter<byte[]>> unused) {
        this.settings = settings;
        this.workshop = workshop;
        this.writer = writer;
        this.reader = EventReader.of(registry, Topics.SHARDS, Shard.class);
        this.registry = registry;
        this.transactions = transactions;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.kafka = kafka;
    }

    /** Before the platform is waited for. */
    void check(@Observes @Priority(0) StartupEvent event) {
        workshop.check();
        streaming = workshop.mode() == Mode.STREAM;
    }

    /** After the platform was waited for, before the channels open. */
    void open(@Observes @Priority(2) StartupEvent event) {
        if (!streaming) {
            return;
        }
        Plan plan = workshop.plan();
        WorkFolder work = workshop.workFolder();
        Shards shards = workshop.shards(plan, work, () -> stopping);
        try (EventReader<Checkpoint> checkpoints = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class)) {
            List<Checkpoint> past =
                    PastEvents.events(PastEvents.of(Topics.CHECKPOINTS, plan.run(), kafka, checkpoints));
            Course course = workshop.runs(plan, shards, work).open(past);
            run = new OpenRun(
                    plan,
                    shards,
                    course,
                    workshop.checkpoints(plan, work, past),
                    new ProgressLog(plan.run(), settings.logInterval(), course.samplesSeen()),
                    workshop.samplesAhead(plan));
            stepOfCheckpoint = course.step();
            samplesOfCheckpoint = course.samplesSeen();
        }
        workshop.gpuMemory().ifPresent(metrics::watchGpu);
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::checkpointAtRest, 1, 1, TimeUnit.SECONDS);
    }

    /** Where the run wants to read from, whatever the group has committed. */
    long offset() {
        return run().course().offset();
    }

    private OpenRun run() {
        return Objects.requireNonNull(run, "the run is not open yet");
    }

    /** A stop saves what was learned since the last checkpoint. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        timer.shutdown();
        OpenRun open = run;
        if (open == null) {
            return;
        }
        long begin = System.nanoTime();
        if (!working.tryLock(settings.stopPatience())) {
            LOG.warnf("no checkpoint: one under way outlasts trainer.stop-patience = %s", settings.stopPatience());
            Optional.ofNullable(learning).ifPresent(Thread::interrupt);
            return;
        }
        try {
            // What failed may have been committed after all: the next start looks, and goes on from there.
            if (!failed && open.course().step() > stepOfCheckpoint) {
                checkpoint(open, List.of(), Optional.empty()); // Measuring can take longer than a stop may.
            }
            if (working.awaitGradient(settings.stopPatience().minusNanos(System.nanoTime() - begin))) {
                open.course().close();
            } else {
                LOG.warnf("a gradient outlasts trainer.stop-patience = %s: ending beside it", settings.stopPatience());
            }
            reader.close();
        } catch (TransactionFailedException ending) {
            LOG.debug("the process is ending", ending);
        } finally {
            working.unlock();
        }
    }

    @Incoming(INCOMING)
    @Blocking("training")
    void train(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata) {
        working.lock();
        learning = Thread.currentThread();
        try {
            if (!stopping && !failed) {
                heartbeat.beat();
                workshop.useThreads();
                generation = metadata.getConsumerGroupGenerationId();
                process(run(), batch.records(SHARDS));
            }
        } catch (CancellationException stopped) {
            LOG.debug("a shard was being read", stopped);
        } catch (DivergedException diverged) {
            failed = true;
            Fatal.exit(DivergedException.ADVICE, diverged);
        } catch (RuntimeException broken) {
            broke("shard at offset " + offset(), broken);
        } finally {
            learning = null;
            heartbeat.rest();
            working.unlock();
        }
    }

    // While one shard is learned the next one of the batch is fetched and decoded.
    private void process(OpenRun open, List<ConsumerRecord<byte[], byte[]>> batch) {
        // What was read before a rebalance comes again after it.
        List<ConsumerRecord<byte[], byte[]>> records =
                batch.stream().filter(record -> record.offset() >= offset()).toList();
        Arrival.Look look =
                new Arrival.Look(reader, open::wants, known -> open.shards().all(known), open.samplesAhead());
        try (Ahead<Arrival> ahead =
                new Ahead<>(0, records.size(), number -> look.at(records.get((int) number), number == 0))) {
            for (int i = 0; i < records.size() && !stopping; i++) {
                heartbeat.beat();
                process(open, records.get(i), ahead.next());
            }
        }
    }

    private void process(OpenRun open, ConsumerRecord<byte[], byte[]> record, Arrival arrival) {
        switch (arrival.event()) {
            case Decoded.Event<Shard>(Shard shard) -> learn(open, record, shard, arrival);
            case Decoded.Ended<Shard>(EndOfFeed marker) -> end(open, record, marker);
            case Decoded.Tombstone<Shard> tombstone ->
                deadLetter(open, record, "a null value: shards are never deleted");
            case Decoded.Undecodable<Shard>(String reason) -> deadLetter(open, record, reason);
        }
    }

    private void learn(OpenRun open, ConsumerRecord<byte[], byte[]> record, Shard shard, Arrival arrival) {
        Course course = open.course();
        if (!open.wants(shard)) {
            course.skip(record.offset());
            return;
        }
        Optional<String> replaces = ReplacedShard.in(record.headers());
        if (replaces.isPresent() && !course.awaits(replaces.get())) {
            LOG.infof("%s holds what is left of %s, which had its turn", shard.getKey(), replaces.get());
            course.skip(record.offset());
            return;
        }
        KnownShard known = new KnownShard(shard.getKey(), shard.getSha256());
        switch (arrival.contents().orElseGet(() -> open.shards().all(known))) {
            case Fetched.Found<ShardTar.Contents>(ShardTar.Contents contents) -> {
                metrics.read(contents);
                contents.odd().forEach(odd -> LOG.warnf("%s: skipped %s", known.key(), odd));
                boolean isDone = true;
                if (shard.getSplit() == Split.val) {
                    course.validation(contents.samples(), record.offset());
                } else {
                    isDone = course.learn(contents.samples(), record.offset(), watch(open));
                }
                if (isDone) {
                    replaces.ifPresent(course::arrived);
                }
            }
            case Fetched.Missing<ShardTar.Contents> missing -> {
                if (isReplaced(open, known.key())) {
                    LOG.infof("%s is gone: a later shard holds what is left of it", known.key());
                    course.await(known.key(), record.offset());
                    replaces.ifPresent(course::arrived);
                } else {
                    deadLetter(open, record, known.key() + " is not in the store");
                }
            }
            case Fetched.Damaged<ShardTar.Contents>(String detail) -> deadLetter(open, record, detail);
        }
    }

    // The event of the new shard is committed before the old one is deleted.
    private boolean isReplaced(OpenRun open, String key) {
        if (!replaced.contains(key)) {
            try (EventReader<Shard> another = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
                replaced = PastEvents.replaced(
                        PastEvents.of(Topics.SHARDS, open.plan().dataset(), kafka, another));
            }
        }
        return replaced.contains(key);
    }

    private void end(OpenRun open, ConsumerRecord<byte[], byte[]> record, EndOfFeed marker) {
        switch (open.course().end(marker, record.offset(), watch(open))) {
            case OPEN ->
                LOG.debugf("feed %s: partition %d of %d has ended", marker.feed(), marker.partition(), marker.of());
            case STOPPED -> LOG.info("told to stop before the budget was used up");
            case DONE -> {
                LOG.infof("feed %s has ended, and the run's budget is used up", marker.feed());
                checkpoint(
                        open,
                        List.of(marker.passedOn(Topics.CHECKPOINTS.name())),
                        open.course().validate());
            }
        }
    }

    private Watch watch(OpenRun open) {
        return working.watch(made -> stepped(open, made), () -> stopping);
    }

    private boolean stepped(OpenRun open, Step made) {
        heartbeat.beat();
        metrics.stepped(made, open.plan().batch());
        open.log().stepped(made, metrics);
        if (isDue(open.course()) && !stopping) {
            checkpoint(open, List.of(), open.course().validate());
        }
        return !stopping;
    }

    private boolean isDue(Course course) {
        return course.step() > stepOfCheckpoint
                && (course.samplesSeen() - samplesOfCheckpoint
                                >= settings.checkpoint().samples()
                        || System.nanoTime() - checkpointedAt
                                >= settings.checkpoint().interval().toNanos());
    }

    /** A stream that pauses must not keep what was learned from its checkpoint. */
    private void checkpointAtRest() {
        OpenRun open = run;
        if (open == null || !working.tryLock()) {
            return;
        }
        try {
            if (learning == null && !stopping && !failed && isDue(open.course())) {
                learning = Thread.currentThread();
                checkpoint(open, List.of(), open.course().validate());
            }
        } catch (RuntimeException broken) {
            broke("checkpoint of run " + open.plan().run(), broken);
        } finally {
            if (learning == Thread.currentThread()) {
                learning = null;
            }
            working.unlock();
        }
    }

    private void broke(String what, RuntimeException failure) {
        failed = true;
        if (stopping || failure instanceof TransactionFailedException) {
            LOG.log(stopping ? Logger.Level.WARN : Logger.Level.DEBUG, what + ": given up at the end", failure);
        } else {
            Fatal.exit(what, failure);
        }
    }

    private void checkpoint(OpenRun open, List<ProducerRecord<byte[], byte[]>> more, Optional<Validation> validation) {
        Course course = open.course();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(deadLetters);
        Optional<Checkpoint> stored = Optional.empty();
        if (course.step() > 0) {
            validation.ifPresent(metrics::validated);
            Checkpoint checkpoint = open.checkpoints()
                    .put(course, List.of(new ShardOffset(SHARDS.partition(), course.offset())), validation);
            stored = Optional.of(checkpoint);
            byte[] key = checkpoint.getRun().getBytes(StandardCharsets.UTF_8);
            records.add(
                    new ProducerRecord<>(Topics.CHECKPOINTS.name(), key, writer.write(Topics.CHECKPOINTS, checkpoint)));
            LOG.info(CheckpointStore.line(checkpoint));
        } else {
            LOG.warnf(
                    "no sample of data set %s was learned: there is nothing to keep",
                    open.plan().dataset());
        }
        records.addAll(more);
        transactions.commit(
                OUTGOING, records, INCOMING, generation, Map.of(SHARDS, new OffsetAndMetadata(course.offset())));
        stored.ifPresent(open.checkpoints()::committed);
        deadLetters.clear();
        metrics.checkpointed();
        stepOfCheckpoint = course.step();
        samplesOfCheckpoint = course.samplesSeen();
        checkpointedAt = System.nanoTime();
    }

    private void deadLetter(OpenRun open, ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warnf("record %d of shards: to the dead letters: %s", record.offset(), reason);
        metrics.deadLettered();
        deadLetters.add(DeadLetter.of("trainer", record, reason));
        open.course().skip(record.offset());
    }
}
