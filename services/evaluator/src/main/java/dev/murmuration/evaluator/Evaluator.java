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
import dev.murmuration.stage.Fatal;
import dev.murmuration.stage.TransactionFailedException;
import dev.murmuration.stage.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
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
    private static final String OUTGOING = "accuracies";

    private final EventReader<Checkpoint> reader;
    private final EventWriter writer;
    private final Transactions transactions;
    private final EvaluatorFactory workbench;
    private final EvaluatorMetrics metrics;
    private final Heartbeat heartbeat;
    private volatile boolean stopping;

    /** By injection. The emitter is what makes SmallRye open the producer behind the channel, which {@link Transactions} drives. */
    @Inject
    Evaluator(
            EventWriter writer,
            RegistrySettings registry,
            Transactions transactions,
            EvaluatorFactory workbench,
            EvaluatorMetrics metrics,
            Heartbeat heartbeat,
            @Channel(OUTGOING) Emitter<byte[]> unused) {
        this.reader = EventReader.of(registry, Topics.CHECKPOINTS, Checkpoint.class);
        this.writer = writer;
        this.transactions = transactions;
        this.workbench = workbench;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        reader.close();
    }

    @Incoming(INCOMING)
    @Blocking
    CompletionStage<Void> evaluate(Message<byte[]> message) {
        @SuppressWarnings("unchecked") // The channel's deserializers give bytes.
        IncomingKafkaRecordMetadata<byte[], byte[]> metadata =
                message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        if (!stopping) {
            heartbeat.beat();
            try {
                process(metadata.getRecord(), metadata.getConsumerGroupGenerationId());
            } catch (CancellationException e) {
                LOG.info("told to stop: what is not measured yet is measured at the next start");
            } catch (TransactionFailedException e) {
                stopping = true;
                LOG.debug("the process is ending", e);
            } catch (RuntimeException | Error e) { // libtorch that cannot be loaded is an Error
                stopping = true; // the stop takes a moment, in which nothing behind this record may be committed
                Fatal.exit("checkpoint at offset " + metadata.getOffset(), e);
            } finally {
                heartbeat.rest();
            }
        }
        return message.ack();
    }

    private void process(ConsumerRecord<byte[], byte[]> record, int generation) {
        List<ProducerRecord<byte[], byte[]>> outcome =
                switch (reader.read(record.headers(), record.value())) {
                    case Decoded.Event<Checkpoint>(Checkpoint checkpoint) -> examine(record, checkpoint);
                    case Decoded.Ended<Checkpoint>(EndOfFeed marker) -> List.of(marker(marker));
                    case Decoded.Tombstone<Checkpoint> tombstone ->
                        List.of(deadLetter(record, "a null value: checkpoints are never deleted"));
                    case Decoded.Undecodable<Checkpoint>(String reason) -> List.of(deadLetter(record, reason));
                };
        transactions.commit(
                OUTGOING,
                outcome,
                INCOMING,
                generation,
                Map.of(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1)));
    }

    private List<ProducerRecord<byte[], byte[]>> examine(ConsumerRecord<byte[], byte[]> record, Checkpoint checkpoint) {
        String name = "checkpoint %s step %d".formatted(checkpoint.getRun(), checkpoint.getStep());
        LOG.infof("%s: measuring", name);
        long begun = System.nanoTime();
        CheckpointEvaluator.Verdict verdict = workbench.examiner().examine(checkpoint, this::advanced, () -> stopping);
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
