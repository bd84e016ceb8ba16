package dev.murmuration.crawler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.platform.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The real platform with empty topics, on which an older crawler of the same feed has just been killed in the middle of a
 * transaction: what it sent must never be seen.
 */
public final class FreshPlatform implements QuarkusTestResourceLifecycleManager {

    /** How many deliveries the simulator sends. */
    static final int RECORDS = 300;

    @Override
    public Map<String, String> start() {
        PlatformSettings platform = prepared();
        Map<String, String> settings = new HashMap<>(platform.forServices());
        settings.put("quarkus.http.test-port", "0");
        settings.put("crawler.feed", "simulator");
        settings.put("crawler.simulator.seed", "7");
        settings.put("crawler.simulator.records", Integer.toString(RECORDS));
        settings.put("crawler.simulator.photo-side", "96");
        settings.put("crawler.simulator.noise", "0.5");
        settings.put("crawler.simulator.benchmark", "simulated");
        settings.put("crawler.simulator.benchmark-photos", "12");
        settings.put("crawler.transaction.records", "40");
        return settings;
    }

    private static PlatformSettings prepared() {
        // Quarkus starts resources on a thread of another class loader; Kafka looks its plug-ins up by the thread's.
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(KafkaProducer.class.getClassLoader());
        try {
            PlatformSettings platform = SharedPlatform.settings();
            SharedPlatform.recreateTopics();
            leaveTransactionOpen(platform);
            return platform;
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }
    }

    private static void leaveTransactionOpen(PlatformSettings platform) {
        // Never closed, as after kill -9: closing it would end the transaction.
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "transactional.id", "crawler.simulator"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        byte[] nonsense = {1};
        List<Future<RecordMetadata>> sent = List.of(
                killed.send(new ProducerRecord<>("tweets", nonsense, nonsense)),
                killed.send(new ProducerRecord<>("crawler-cursors", "simulator".getBytes(UTF_8), nonsense)));
        killed.flush();
        assertThat(sent).allMatch(Future::isDone);
    }

    @Override
    public void stop() {
        // The platform ends with the JVM.
    }
}
