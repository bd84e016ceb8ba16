package dev.murmuration.evaluator;

import dev.murmuration.schemas.Accuracy;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventReader;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.commit.Assignments;
import dev.murmuration.stage.commit.ChannelDriver;
import dev.murmuration.stage.commit.Decision;
import dev.murmuration.stage.commit.Heartbeat;
import dev.murmuration.stage.commit.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Reads {@code checkpoints}, writes {@code accuracies}: the accuracies of a checkpoint and its offset are one transaction, so that
 * each checkpoint is measured exactly once, however often this process crashes.
 */
@ApplicationScoped
class Evaluator {

    private static final Logger LOG = Logger.getLogger(Evaluator.class);
    private static final String SERVICE = "evaluator";
    private static final String INCOMING = "checkpoints";

    private final EventReader<Checkpoint> reader;
    private final EventWriter writer;
    private final EvaluatorFactory workbench;
    private final EvaluatorMetrics metrics;
    private final Heartbeat heartbeat;
    private final ChannelDriver driver;

    /** By injection. */
    @Inject
    Evaluator(
            EventWriter writer,
            RegistrySettings registry,
            EvaluatorFactory workbench,
            EvaluatorMetrics metrics,
            KafkaClientService clients,
            Assignments assignments,
            Transactions transactions,
            @Liveness Heartbeat heartbeat) {
        this.reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class);
        this.writer = writer;
        this.workbench = workbench;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        this.driver = new ChannelDriver(INCOMING, clients, assignments, transactions, heartbeat, this::measure);
    }

    void open(@Observes @Priority(2) StartupEvent event) {
        driver.open();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        driver.stop();
        reader.close();
    }

    @Incoming(INCOMING)
    @Blocking
    @Acknowledgment(Acknowledgment.Strategy.NONE)
    void evaluate(ConsumerRecords<byte[], byte[]> batch, IncomingKafkaRecordBatchMetadata<byte[], byte[]> read) {
        driver.process(batch, read);
    }

    private void measure(ConsumerRecords<byte[], byte[]> batch) {
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            if (driver.isEnding()) {
                return;
            }
            driver.commit(Decision.about(record, outcome(record)));
        }
    }

    private List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecord<byte[], byte[]> record) {
        return switch (reader.read(record.headers(), record.value())) {
            case Decoded.Event<Checkpoint>(Checkpoint checkpoint) -> examine(record, checkpoint);
            case Decoded.Ended<Checkpoint>(EndOfFeed marker) -> List.of(marker(marker));
            case Decoded.Tombstone<Checkpoint> tombstone ->
                List.of(deadLetter(record, "a null value: checkpoints are never deleted"));
            case Decoded.Undecodable<Checkpoint>(String reason) -> List.of(deadLetter(record, reason));
        };
    }

    private List<ProducerRecord<byte[], byte[]>> examine(ConsumerRecord<byte[], byte[]> record, Checkpoint checkpoint) {
        String name = "checkpoint %s step %d".formatted(checkpoint.getRun(), checkpoint.getStep());
        LOG.infof("%s: measuring", name);
        long begun = System.nanoTime();
        CheckpointEvaluator.Verdict verdict =
                workbench.examiner().examine(checkpoint, this::advanced, driver::isEnding);
        metrics.examined(verdict, System.nanoTime() - begun);
        return switch (verdict) {
            case CheckpointEvaluator.Verdict.Measured(List<Accuracy> accuracies, Map<String, Integer> odd) -> {
                accuracies.forEach(accuracy -> LOG.infof(
                        "%s: %s %s: accuracy %.4f (%.4f to %.4f), macro F1 %.4f, %d photos",
                        name,
                        accuracy.getBenchmark(),
                        accuracy.getProtocol(),
                        accuracy.getAccuracy(),
                        accuracy.getLow95(),
                        accuracy.getHigh95(),
                        accuracy.getMacroF1(),
                        accuracy.getSamples()));
                yield accuracies.stream().map(this::encoded).toList();
            }
            case CheckpointEvaluator.Verdict.Unusable(String problem) -> {
                yield List.of(deadLetter(record, name + ": " + problem));
            }
        };
    }

    private void advanced(int photos) {
        heartbeat.beat();
        metrics.advanced(photos);
    }

    private ProducerRecord<byte[], byte[]> encoded(Accuracy accuracy) {
        byte[] run = accuracy.getCheckpoint().getRun().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(Topics.ACCURACIES.name(), run, writer.write(Topics.ACCURACIES, accuracy));
    }

    private static ProducerRecord<byte[], byte[]> marker(EndOfFeed read) {
        LOG.infof("feed %s has ended: every checkpoint is measured", read.feed());
        return read.passedOn(Topics.ACCURACIES.name());
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        metrics.deadLettered();
        LOG.warnf("to the dead letters, offset %d: %s", record.offset(), reason);
        return DeadLetter.of(SERVICE, record, reason);
    }
}
