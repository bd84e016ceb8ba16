package dev.murmuration.teacher;

import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.stage.Fatal;
import dev.murmuration.stage.GpuSettings;
import dev.murmuration.stage.GpuUse;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.stage.StoreSettings;
import dev.murmuration.stage.TransactionFailedException;
import dev.murmuration.stage.Transactions;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The service: reads tweets in batches, scores them, and sends scores and position in one transaction. Everything is encoded before the transaction begins;
 * any failure ends the process, and the next start continues from the last commit.
 */
@ApplicationScoped
class Teacher {

    private static final Logger LOG = Logger.getLogger(Teacher.class);
    private static final String INCOMING = "tweets";
    private static final String OUTGOING = "scored-tweets";
    private static final String DEAD_LETTERED = "dead-lettered";

    private final LoadedModel loaded;
    private final EventReader<Tweet> reader;
    private final BatchScorer scorer;
    private final OutgoingRecords outgoingRecords;
    private final TopicNames names;
    private final Transactions transactions;
    private final MeterRegistry meters;
    private final Timer batchTime;
    private boolean stopped;

    /**
     * @param unused makes SmallRye open the channel whose producer {@link Transactions} drives
     * @throws dev.murmuration.stage.SettingException if a setting is wrong, a model that cannot be used included
     */
    @Inject
    Teacher(
            TeacherSettings settings,
            RegistrySettings registry,
            StoreSettings store,
            EventWriter writer,
            TopicNames names,
            Transactions transactions,
            MeterRegistry meters,
            GpuSettings gpu,
            GpuUse gpuUse,
            @Channel(OUTGOING) Instance<Emitter<byte[]>> unused) {
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
        this.transactions = transactions;
        this.meters = meters;
        this.batchTime = meters.timer("murmuration.teacher.batch");
    }

    /** Before waiting for the platform, so that a wrong setting is reported immediately. */
    void start(@Observes @Priority(0) StartupEvent event) {
        LOG.infof(
                "teacher %s, version %s", loaded.model().name(), loaded.model().version());
    }

    /** Finishes the current batch and accepts no more, so that the channels close between two transactions. */
    synchronized void stop(@Observes ShutdownEvent event) {
        stopped = true;
        reader.close();
        loaded.close();
    }

    @Incoming(INCOMING)
    @Blocking
    CompletionStage<Void> teach(KafkaRecordBatch<byte[], byte[]> batch) {
        IncomingKafkaRecordBatchMetadata<byte[], byte[]> read = metadata(batch);
        try {
            batchTime.record(() -> scoreAndCommit(read));
            return batch.ack();
        } catch (TransactionFailedException e) {
            return new CompletableFuture<>();
        } catch (RuntimeException | Error e) { // what no record is to blame for: see FaultIsolation
            Fatal.exit("a batch of %d tweets could not be scored".formatted(read.count()), e);
            // Never completed: no further batch is asked for while the process ends.
            return new CompletableFuture<>();
        }
    }

    private synchronized void scoreAndCommit(IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        if (stopped) {
            return;
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read.getRecords().forEach(records::add);
        List<Decoded<Tweet>> decoded = records.stream()
                .map(record -> reader.read(record.headers(), record.value()))
                .toList();
        List<Outcome> decided = scorer.of(decoded);
        List<ProducerRecord<byte[], byte[]>> outgoing = new ArrayList<>(decided.size());
        for (int i = 0; i < decided.size(); i++) {
            outgoing.add(outgoingRecords.of(records.get(i), decided.get(i)));
        }
        transactions.commit(OUTGOING, outgoing, INCOMING, read.getConsumerGroupGenerationId(), next(records));
        for (int i = 0; i < decided.size(); i++) {
            count(decided.get(i), outgoing.get(i));
        }
    }

    /** The next offset to read of each partition. The metadata's own offsets are those of the last records, one less. */
    private static Map<TopicPartition, OffsetAndMetadata> next(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            next.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        return next;
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

    @SuppressWarnings("unchecked") // The metadata of a batch of bytes is about bytes.
    private static IncomingKafkaRecordBatchMetadata<byte[], byte[]> metadata(KafkaRecordBatch<byte[], byte[]> batch) {
        return batch.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow();
    }
}
