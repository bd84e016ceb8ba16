package dev.murmuration.trainer;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Validation;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.commit.Fatal;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.commit.TransactionFailedException;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.data.DatasetShard;
import dev.murmuration.trainer.data.Prefetcher;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import dev.murmuration.trainer.data.ShardSource;
import dev.murmuration.trainer.run.DivergedException;
import dev.murmuration.trainer.run.EpochSchedule;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.TrainingListener;
import dev.murmuration.trainer.run.TrainingRun;
import dev.murmuration.trainer.run.TrainingStep;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
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
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Trains for a number of epochs on a data set as it is when the run starts, and then ends the process: a job. In place of an
 * offset, the checkpoint has the number of the window, and no consumer group follows. At the end the offsets of
 * {@code trainer.epochs.group} cover the shards that were learned, so that its lag is what a later run would learn.
 */
@ApplicationScoped
class EpochJob {

    private static final Logger LOG = Logger.getLogger(EpochJob.class);

    private final TrainerSettings settings;
    private final TrainerFactory factory;
    private final EventWriter writer;
    private final RegistrySettings registry;
    private final Transactions transactions;
    private final TrainerMetrics metrics;
    private final Heartbeat heartbeat;
    private final Map<String, Object> kafka;

    private @Nullable Thread thread;
    private volatile boolean stopping;

    /** By injection. */
    @Inject
    EpochJob(
            TrainerSettings settings,
            TrainerFactory factory,
            EventWriter writer,
            RegistrySettings registry,
            Transactions transactions,
            TrainerMetrics metrics,
            @Liveness Heartbeat heartbeat,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.factory = factory;
        this.writer = writer;
        this.registry = registry;
        this.transactions = transactions;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.kafka = kafka;
    }

    /** After the platform was waited for. */
    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        if (factory.mode() == Mode.EPOCHS) {
            transactions.open();
            thread = Thread.ofPlatform().name("epochs").start(this::run);
        }
    }

    /** A stop saves what was learned since the last checkpoint. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread running = thread;
        if (running != null && !running.join(settings.stopTimeout())) {
            LOG.warnf(
                    "the current step or checkpoint did not finish within trainer.stop-timeout = %s; shutting down without a final checkpoint",
                    settings.stopTimeout());
            running.interrupt();
        }
    }

    private void run() {
        try {
            factory.useThreads();
            heartbeat.beat();
            train();
            Quarkus.asyncExit(0);
        } catch (TransactionFailedException | CancellationException e) {
            LOG.debug("the process is ending", e);
        } catch (DivergedException e) {
            Fatal.exit(DivergedException.ADVICE, e);
        } catch (RuntimeException e) {
            if (stopping) {
                LOG.warnf(e, "run %s: abandoned, the process is ending", settings.run());
            } else {
                Fatal.exit("run " + settings.run(), e);
            }
        } finally {
            heartbeat.rest();
        }
    }

    private record Job(
            TrainingRun run, CheckpointStore checkpoints, CheckpointTimer timer, ProgressLog log, ShardSource shards) {}

    private void train() {
        Plan plan = factory.plan();
        WorkFolder work = factory.workFolder();
        ShardSource shards = factory.shards(plan, work, () -> stopping);
        List<Checkpoint> past;
        try (EventReader<Checkpoint> reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class)) {
            past = CommittedEvents.events(CommittedEvents.of(Topics.CHECKPOINTS, plan.run(), kafka, reader));
        }
        try (TrainingRun run = factory.runs(plan, shards, work).open(past)) {
            factory.gpuMemory().ifPresent(metrics::watchGpu);
            Job job = new Job(
                    run,
                    factory.checkpoints(plan, work, past),
                    new CheckpointTimer(settings.checkpoint(), run),
                    new ProgressLog(plan.run(), settings.logInterval(), run.samplesSeen()),
                    shards);
            if (run.passes().isEmpty()) {
                begin(plan, job);
            }
            learn(plan, job);
        }
    }

    // The data set as of now: later shards belong to another run. A shard that replaces another one stands in for it.
    private void begin(Plan plan, Job job) {
        List<Shard> all;
        try (EventReader<Shard> reader = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
            List<CommittedEvents.Past<Shard>> past = CommittedEvents.of(Topics.SHARDS, plan.dataset(), kafka, reader);
            Set<String> replaced = CommittedEvents.replaced(past);
            all = CommittedEvents.events(past.reversed()).stream()
                    .filter(shard -> !replaced.contains(shard.getKey()))
                    .toList();
        }
        List<DatasetShard> train = all.stream()
                .filter(shard -> shard.getSplit() == Split.train && shard.getSamples() > 0)
                .map(EpochJob::passed)
                .toList();
        if (train.isEmpty()) {
            throw new SettingException("trainer.dataset", plan.dataset(), "has no training shard yet");
        }
        job.run().trainOn(train);
        for (Shard shard : all) {
            if (shard.getSplit() == Split.val && job.run().wantsValidation()) {
                job.run().validation(samples(job, passed(shard)), -1);
            }
        }
        LOG.infof(
                "run %s: %d epochs over %d shards with %d samples of %s",
                plan.run(), factory.epochs(), train.size(), EpochSchedule.samples(train), plan.dataset());
    }

    private static DatasetShard passed(Shard shard) {
        return new DatasetShard(
                new ShardReference(shard.getKey(), shard.getSha256()),
                shard.getSamples(),
                List.of(
                        shard.getPerClass().getNegative(),
                        shard.getPerClass().getNeutral(),
                        shard.getPerClass().getPositive()));
    }

    private void learn(Plan plan, Job job) {
        TrainingRun run = job.run();
        List<DatasetShard> dataset = run.passes();
        List<EpochSchedule.Window> windows =
                EpochSchedule.of(dataset, factory.epochs(), plan.seed(), factory.window(plan));
        long[] perClass = EpochSchedule.perClass(dataset);
        long to = factory.epochs() * EpochSchedule.samples(dataset);
        TrainingListener listener = new TrainingListener() {
            @Override
            public boolean shouldContinue(TrainingStep made) {
                return stepped(plan, job, made);
            }

            @Override
            public boolean runsAhead() {
                return true;
            }
        };
        try (Prefetcher<List<Sample>> prefetcher = new Prefetcher<>(
                run.offset(),
                windows.size(),
                number -> samples(job, windows.get((int) number).shards()))) {
            while (run.offset() < windows.size() && !stopping) {
                int number = (int) run.offset();
                heartbeat.beat();
                if (!run.pass(
                        prefetcher.next(), number, perClass, windows.get(number).epoch(), to, listener)) {
                    break;
                }
            }
        } catch (CancellationException e) {
            LOG.debug("a window was being read", e);
        }
        if (job.timer().hasSteps(run)) {
            checkpoint(job, stopping ? Optional.empty() : run.validate());
        }
        if (run.offset() < windows.size()) {
            LOG.infof("stopped before the last of %d epochs", factory.epochs());
        } else {
            settings.epochs().group().ifPresent(group -> cover(group, plan, dataset));
            LOG.infof("%d epochs are done", factory.epochs());
        }
    }

    private void cover(String group, Plan plan, List<DatasetShard> dataset) {
        Set<String> learned = dataset.stream().map(each -> each.shard().key()).collect(Collectors.toUnmodifiableSet());
        try (EventReader<Shard> reader = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
            CommittedEvents.cover(
                    Topics.SHARDS, plan.dataset(), group, shard -> learned.contains(shard.getKey()), kafka, reader);
        }
    }

    private List<Sample> samples(Job job, List<DatasetShard> shards) {
        List<Sample> samples = new ArrayList<>();
        shards.forEach(shard -> samples.addAll(samples(job, shard)));
        return samples;
    }

    private List<Sample> samples(Job job, DatasetShard shard) {
        switch (job.shards().all(shard.shard())) {
            case Fetched.Found<ShardDecoder.Contents>(ShardDecoder.Contents contents) -> {
                metrics.read(contents);
                contents.odd()
                        .forEach(
                                odd -> LOG.warnf("%s: skipped %s", shard.shard().key(), odd));
                return contents.samples();
            }
            case Fetched.Missing<ShardDecoder.Contents> missing -> lost(shard, "it is not in the store");
            case Fetched.Damaged<ShardDecoder.Contents>(String detail) -> lost(shard, detail);
        }
        return List.of();
    }

    private void lost(DatasetShard shard, String reason) {
        metrics.lost();
        LOG.warnf("%s: %d samples are left out: %s", shard.shard().key(), shard.samples(), reason);
    }

    private boolean stepped(Plan plan, Job job, TrainingStep made) {
        heartbeat.beat();
        metrics.stepped(made, plan.batch());
        job.log().stepped(made, metrics);
        if (job.timer().isDue(job.run()) && !stopping) {
            checkpoint(job, job.run().validate());
        }
        return !stopping;
    }

    private void checkpoint(Job job, Optional<Validation> validation) {
        TrainingRun run = job.run();
        validation.ifPresent(metrics::validated);
        Checkpoint checkpoint = job.checkpoints().put(run, List.of(), validation);
        byte[] key = checkpoint.getRun().getBytes(StandardCharsets.UTF_8);
        transactions.commit(List.of(
                new ProducerRecord<>(Topics.CHECKPOINTS.name(), key, writer.write(Topics.CHECKPOINTS, checkpoint))));
        LOG.info(CheckpointStore.line(checkpoint));
        run.shardLog().recordedBy(checkpoint.getSha256());
        job.checkpoints().committed(checkpoint);
        metrics.checkpointed();
        job.timer().taken(run);
    }
}
