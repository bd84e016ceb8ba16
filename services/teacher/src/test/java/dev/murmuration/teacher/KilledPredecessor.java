package dev.murmuration.teacher;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The real platform, on which an instance of the teacher was just killed between sending its scores and committing them: its
 * transaction is still open when the service under test starts in its place.
 */
public final class KilledPredecessor implements QuarkusTestResourceLifecycleManager {

    /** Both are {@code teacher-0}. */
    private static final String INSTANCE = "teacher-0";

    /** What only the killed instance sent. */
    static final String NEVER_COMMITTED = "never committed";

    @Override
    public Map<String, String> start() {
        PlatformSettings platform = inOneClassLoader(() -> {
            PlatformSettings started = TestPlatform.settings();
            TestPlatform.recreateTopics();
            leaveTransactionOpen(started);
            return started;
        });
        Map<String, String> settings = new HashMap<>(platform.forServices());
        settings.put("quarkus.http.test-port", "0");
        settings.put("instance.name", INSTANCE);
        settings.put("teacher.batch-records", "7");
        settings.put("teacher.max-event-bytes", "200000");
        return settings;
    }

    /** Kafka loads its plug-ins by the thread's class loader, which is another one while Quarkus prepares a test. */
    private static <T> T inOneClassLoader(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(KafkaProducer.class.getClassLoader());
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void leaveTransactionOpen(PlatformSettings platform) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", platform.bootstrapServers(), "transactional.id", INSTANCE);
        // Never closed, as after kill -9: closing it would end the transaction.
        KafkaProducer<byte[], byte[]> killed =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        byte[] bytes = NEVER_COMMITTED.getBytes(StandardCharsets.UTF_8);
        Future<RecordMetadata> sent = killed.send(new ProducerRecord<>(Topics.SCORED_TWEETS.name(), 0, bytes, bytes));
        killed.sendOffsetsToTransaction(
                Map.of(new TopicPartition(Topics.TWEETS.name(), 0), new OffsetAndMetadata(5)),
                new ConsumerGroupMetadata("teacher"));
        killed.flush();
        if (sent.state() != Future.State.SUCCESS) {
            throw new IllegalStateException("the killed instance could not send", sent.exceptionNow());
        }
    }

    @Override
    public void stop() {
        // The platform ends with the JVM.
    }
}
