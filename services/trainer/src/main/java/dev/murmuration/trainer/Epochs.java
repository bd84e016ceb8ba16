package dev.murmuration.trainer;

import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Validation;
import dev.murmuration.stage.Fatal;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.SettingException;
import dev.murmuration.stage.TransactionFailedException;
import dev.murmuration.stage.Transactions;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.trainer.checkpoint.CheckpointStore;
import dev.murmuration.trainer.data.Ahead;
import dev.murmuration.trainer.data.KnownShard;
import dev.murmuration.trainer.data.PassedShard;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardTar;
import dev.murmuration.trainer.data.Shards;
import dev.murmuration.trainer.run.Course;
import dev.murmuration.trainer.run.DivergedException;
import dev.murmuration.trainer.run.Passes;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Step;
import dev.murmuration.trainer.run.Watch;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Passes over a data set as it is when the run begins, so many times, and ends the process: a job. What the stream's offset is to a stream, the number of the window
 * is here; it lies in the checkpoint, and no consumer group follows. At the end {@code trainer.epochs.group} is told which shards are learned: its lag is what a
 * later run would learn.
 */
@ApplicationScoped
class Epochs {

    private static final Logger LOG = Logger.getLogger(Epochs.class);
    private static final String OUTGOING = "checkpoints";

    private final TrainerSettings settings;
    private final Workshop workshop;
    private final EventWriter writer;
    private final RegistrySettings registry;
    private final Transactions transactions;
    private final TrainerMetrics metrics;
    private final Heartbeat heartbeat;
    private final Map<String, Object> kafka;

    private @Nullable Thread thread;
    private volatile boolean stopping;
    private long stepOfCheckpoint;
    private long samplesOfCheckpoint;
    private long checkpointedAt = System.nanoTime();

    /** By injection. */
    @Inject
    Epochs(
            TrainerSettings settings,
            Workshop workshop,
            EventWriter writer,
            RegistrySettings registry,
            Transactions transactions,
            TrainerMetrics metrics,
            Heartbeat heartbeat,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.settings = settings;
        this.workshop = workshop;
        this.writer = writer;
        this.registry = registry;
        this.transactions = transactions;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.kafka = kafka;
    }

    /** After the channels are open, since the producer belongs to one. */
    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        if (workshop.mode() == Mode.EPOCHS) {
            thread = Thread.ofPlatform().name("epochs").start(this::run);
        }
    }

    /** A stop saves what was learned since the last checkpoint. */
    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread running = thread;
        if (running != null && !running.join(settings.stopPatience())) {
            LOG.warnf(
                    "a step, or a checkpoint that is being stored, takes longer than trainer.stop-patience = %s: stopping without another",
                    settings.stopPatience());
            running.interrupt();
        }
    }

    private void run() {
        try {
            workshop.useThreads();
            heartbeat.beat();
            passOver();
            Quarkus.asyncExit(0);
        } catch (TransactionFailedException | CancellationException ending) {
            LOG.debug("the process is ending", ending);
        } catch (DivergedException diverged) {
            Fatal.exit(DivergedException.ADVICE, diverged);
        } catch (RuntimeException broken) {
            if (stopping) {
                LOG.warnf(broken, "run %s: given up, the process is ending", settings.run());
            } else {
                Fatal.exit("run " + settings.run(), broken);
            }
        } finally {
            heartbeat.rest();
        }
    }

    private record Desk(Course course, CheckpointStore checkpoints, ProgressLog log, Shards shards) {}

    private void passOver() {
        Plan plan = workshop.plan();
        WorkFolder work = workshop.workFolder();
        Shards shards = workshop.shards(plan, work, () -> stopping);
        List<Checkpoint> past;
        try (EventReader<Checkpoint> reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class)) {
            past = PastEvents.events(PastEvents.of(Topics.CHECKPOINTS, plan.run(), kafka, reader));
        }
        try (Course course = workshop.runs(plan, shards, work).open(past)) {
            workshop.gpuMemory().ifPresent(metrics::watchGpu);
            stepOfCheckpoint = course.step();
            samplesOfCheckpoint = course.samplesSeen();
            Desk desk = new Desk(
                    course,
                    workshop.checkpoints(plan, work, past),
                    new ProgressLog(plan.run(), settings.logInterval(), course.samplesSeen()),
                    shards);
            if (course.passes().isEmpty()) {
                begin(plan, desk);
            }
            learn(plan, desk);
        }
    }

    // The data set as of now: later shards belong to another run. A shard that replaces another one stands in for it.
    private void begin(Plan plan, Desk desk) {
        List<Shard> all;
        try (EventReader<Shard> reader = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
            List<PastEvents.Past<Shard>> past = PastEvents.of(Topics.SHARDS, plan.dataset(), kafka, reader);
            Set<String> replaced = PastEvents.replaced(past);
            all = PastEvents.events(past.reversed()).stream()
                    .filter(shard -> !replaced.contains(shard.getKey()))
                    .toList();
        }
        List<PassedShard> train = all.stream()
                .filter(shard -> shard.getSplit() == Split.train && shard.getSamples() > 0)
                .map(Epochs::passed)
                .toList();
        if (train.isEmpty()) {
            throw new SettingException("trainer.dataset", plan.dataset(), "has no training shard yet");
        }
        desk.course().passOver(train);
        for (Shard shard : all) {
            if (shard.getSplit() == Split.val && desk.course().wantsValidation()) {
                desk.course().validation(samples(desk, passed(shard)), -1);
            }
        }
        LOG.infof(
                "run %s: %d epochs over %d shards with %d samples of %s",
                plan.run(), workshop.epochs(), train.size(), Passes.samples(train), plan.dataset());
    }

    private static PassedShard passed(Shard shard) {
        return new PassedShard(
                new KnownShard(shard.getKey(), shard.getSha256()),
                shard.getSamples(),
                List.of(
                        shard.getPerClass().getNegative(),
                        shard.getPerClass().getNeutral(),
                        shard.getPerClass().getPositive()));
    }

    private void learn(Plan plan, Desk desk) {
        Course course = desk.course();
        List<PassedShard> dataset = course.passes();
        List<Passes.Window> windows = Passes.of(dataset, workshop.epochs(), plan.seed(), workshop.window(plan));
        long[] perClass = Passes.perClass(dataset);
        long to = workshop.epochs() * Passes.samples(dataset);
        Watch watch = made -> stepped(plan, desk, made);
        try (Ahead<List<Sample>> ahead = new Ahead<>(
                course.offset(),
                windows.size(),
                number -> samples(desk, windows.get((int) number).shards()))) {
            while (course.offset() < windows.size() && !stopping) {
                int number = (int) course.offset();
                heartbeat.beat();
                if (!course.pass(
                        ahead.next(), number, perClass, windows.get(number).epoch(), to, watch)) {
                    break;
                }
            }
        } catch (CancellationException stopped) {
            LOG.debug("a window was being read", stopped);
        }
        if (course.step() > stepOfCheckpoint) {
            checkpoint(desk, stopping ? Optional.empty() : course.validate());
        }
        if (course.offset() < windows.size()) {
            LOG.infof("told to stop before the last of %d epochs", workshop.epochs());
        } else {
            settings.epochs().group().ifPresent(group -> cover(group, plan, dataset));
            LOG.infof("%d epochs are done", workshop.epochs());
        }
    }

    private void cover(String group, Plan plan, List<PassedShard> dataset) {
        Set<String> learned = dataset.stream().map(each -> each.shard().key()).collect(Collectors.toUnmodifiableSet());
        try (EventReader<Shard> reader = EventReader.of(registry, Topics.SHARDS, Shard.class)) {
            PastEvents.cover(
                    Topics.SHARDS, plan.dataset(), group, shard -> learned.contains(shard.getKey()), kafka, reader);
        }
    }

    private List<Sample> samples(Desk desk, List<PassedShard> shards) {
        List<Sample> samples = new ArrayList<>();
        shards.forEach(shard -> samples.addAll(samples(desk, shard)));
        return samples;
    }

    private List<Sample> samples(Desk desk, PassedShard shard) {
        switch (desk.shards().all(shard.shard())) {
            case Fetched.Found<ShardTar.Contents>(ShardTar.Contents contents) -> {
                metrics.read(contents);
                contents.odd()
                        .forEach(
                                odd -> LOG.warnf("%s: skipped %s", shard.shard().key(), odd));
                return contents.samples();
            }
            case Fetched.Missing<ShardTar.Contents> missing -> lost(shard, "it is not in the store");
            case Fetched.Damaged<ShardTar.Contents>(String detail) -> lost(shard, detail);
        }
        return List.of();
    }

    private void lost(PassedShard shard, String reason) {
        metrics.lost();
        LOG.warnf("%s: %d samples are left out: %s", shard.shard().key(), shard.samples(), reason);
    }

    private boolean stepped(Plan plan, Desk desk, Step made) {
        heartbeat.beat();
        metrics.stepped(made, plan.batch());
        desk.log().stepped(made, metrics);
        boolean due = made.samplesSeen() - samplesOfCheckpoint
                        >= settings.checkpoint().samples()
                || System.nanoTime() - checkpointedAt
                        >= settings.checkpoint().interval().toNanos();
        if (due && !stopping) {
            checkpoint(desk, desk.course().validate());
        }
        return !stopping;
    }

    private void checkpoint(Desk desk, Optional<Validation> validation) {
        Course course = desk.course();
        validation.ifPresent(metrics::validated);
        Checkpoint checkpoint = desk.checkpoints().put(course, List.of(), validation);
        byte[] key = checkpoint.getRun().getBytes(StandardCharsets.UTF_8);
        transactions.commit(
                OUTGOING,
                List.of(new ProducerRecord<>(
                        Topics.CHECKPOINTS.name(), key, writer.write(Topics.CHECKPOINTS, checkpoint))));
        LOG.info(CheckpointStore.line(checkpoint));
        desk.checkpoints().committed(checkpoint);
        metrics.checkpointed();
        stepOfCheckpoint = course.step();
        samplesOfCheckpoint = course.samplesSeen();
        checkpointedAt = System.nanoTime();
    }
}
