package dev.murmuration.teacher;

import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.BrokerSettings;
import dev.murmuration.stage.GpuSettings;
import dev.murmuration.stage.GpuUse;
import dev.murmuration.stage.commit.Assignments;
import dev.murmuration.stage.commit.ChannelDriver;
import dev.murmuration.stage.commit.Decision;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.commit.Transactions;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The service: reads tweets in batches, scores them, and sends scores and position in one transaction. Everything is encoded
 * before the transaction begins; any failure ends the process, and the next start continues from the last commit.
 */
@ApplicationScoped
class Teacher {

    private static final Logger LOG = Logger.getLogger(Teacher.class);
    private static final String INCOMING = "tweets";
    private static final Duration TO_STOP = Duration.ofSeconds(30);
    private static final String DEAD_LETTERED = "dead-lettered";

    private final LoadedModel loaded;
    private final EventReader<Tweet> reader;
    private final BatchScorer scorer;
    private final OutgoingRecords outgoingRecords;
    private final TopicNames names;
    private final MeterRegistry meters;
    private final Timer batchTime;
    private final ChannelDriver driver;

    /**
     * @throws dev.murmuration.stage.settings.SettingException if a setting is wrong, a model that cannot be used included
     */
    @Inject
    Teacher(
            TeacherSettings settings,
            RegistrySettings registry,
            StoreSettings store,
            EventWriter writer,
            TopicNames names,
            MeterRegistry meters,
            GpuSettings gpu,
            GpuUse gpuUse,
            KafkaClientService clients,
            Assignments assignments,
            Transactions transactions,
            @Liveness Heartbeat heartbeat) {
        TeacherFactory factory = new TeacherFactory(settings);
        if (gpu.tf32()) {
            Torch.allowTf32();
        }
        Torch.threads(settings.threads());
        gpuUse.report("teacher.device", settings.device(), factory.device().isGpu());
        this.loaded = factory.load(() -> new ObjectStore(store), LOG::info);
        this.reader = EventReader.of(registry, Topics.TWEETS, Tweet.class);
        dev.murmuration.schemas.Teacher identity = new dev.murmuration.schemas.Teacher(
                loaded.model().name(), loaded.model().version());
        this.scorer = new BatchScorer(new Scorer(loaded.model(), settings.maxTextChars()), identity, Clock.systemUTC());
        this.outgoingRecords = new OutgoingRecords(writer, names, settings.maxEventBytes());
        this.names = names;
        this.meters = meters;
        this.batchTime = meters.timer("murmuration.teacher.batch");
        this.driver = new ChannelDriver(
                INCOMING,
                clients,
                assignments,
                transactions,
                heartbeat,
                batch -> batchTime.record(() -> scoreAndCommit(batch)));
    }

    /** Whether batches are finished. */
    @Produces
    @Singleton
    @Liveness
    static Heartbeat heartbeat(BrokerSettings settings) {
        return new Heartbeat("scoring", settings.stuckAfter(), Clock.systemUTC());
    }

    /** Before waiting for the platform, so that a wrong setting is reported immediately. */
    void start(@Observes @Priority(0) StartupEvent event) {
        LOG.infof(
                "teacher %s, version %s", loaded.model().name(), loaded.model().version());
    }

    void open(@Observes @Priority(2) StartupEvent event) {
        driver.open();
    }

    /** Finishes the current batch and accepts no more, so that the channel closes between two transactions. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        driver.stop();
        if (driver.awaitRest(TO_STOP)) {
            reader.close();
            loaded.close();
        }
    }

    @Incoming(INCOMING)
    @Blocking
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    void teach(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        driver.process(batch, read);
    }

    private void scoreAndCommit(ConsumerRecords<byte[], byte[]> batch) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        batch.forEach(records::add);
        List<Decoded<Tweet>> decoded = records.stream()
                .map(record -> reader.read(record.headers(), record.value()))
                .toList();
        List<Outcome> outcomes = scorer.of(decoded);
        List<ProducerRecord<byte[], byte[]>> outgoing = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            outgoing.add(outgoingRecords.of(records.get(i), outcomes.get(i)));
        }
        if (driver.commit(Decision.about(batch, outgoing))) {
            for (int i = 0; i < outcomes.size(); i++) {
                count(outcomes.get(i), outgoing.get(i));
            }
        }
    }

    private void count(Outcome outcome, ProducerRecord<byte[], byte[]> sent) {
        String name = sent.topic().equals(names.of(Topics.SCORED_TWEETS))
                ? switch (outcome) {
                    case Outcome.Scored scored -> "scored";
                    case Outcome.Deleted deleted -> "deleted";
                    case Outcome.FeedEnded ended -> "ended";
                    case Outcome.DeadLettered refused -> DEAD_LETTERED;
                }
                : DEAD_LETTERED;
        meters.counter("murmuration.teacher.records", "outcome", name).increment();
        if (outcome instanceof Outcome.FeedEnded(var marker)) {
            LOG.infof("feed %s ended on partition %d of %d", marker.feed(), marker.partition(), marker.of());
        }
    }
}
