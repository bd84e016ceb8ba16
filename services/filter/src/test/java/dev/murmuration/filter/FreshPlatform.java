package dev.murmuration.filter;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The real platform with empty topics and one benchmark, on which an older packer has just been killed in the middle of a
 * transaction: what it sent must never be seen.
 */
public final class FreshPlatform implements QuarkusTestResourceLifecycleManager {

    /** A photo of the benchmark. */
    static final TestPhoto BENCHMARK = TestPhoto.jpeg(1000, 80, 60);

    @Override
    public Map<String, String> start() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Kafka looks its plug-ins up by the context's loader, which here is not yet the one that has Kafka.
        thread.setContextClassLoader(KafkaProducer.class.getClassLoader());
        try {
            return prepare(TestPlatform.settings());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Map<String, String> prepare(PlatformSettings platform) {
        TestPlatform.recreateTopics();
        leaveTransactionOpen(platform);
        store(platform)
                .put(
                        "benchmarks/known/hashes.csv",
                        "path,sha256,pdq,pdqQuality\nimages/1.jpg,%s,,\n"
                                .formatted(BENCHMARK.sha256())
                                .getBytes(StandardCharsets.UTF_8),
                        "text/csv");
        Map<String, String> settings = new HashMap<>(platform.forServices());
        settings.put("quarkus.http.test-port", "0");
        settings.put("filter.benchmarks", "known");
        settings.put("filter.active", "flat,bal-flat");
        settings.put("filter.shards.max-samples", "8");
        try {
            settings.put(
                    "filter.state-dir",
                    Files.createTempDirectory("filter-state-").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    private static ObjectStore store(PlatformSettings platform) {
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withSources(new PropertiesConfigSource(platform.forServices(), "platform", 100))
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
    }

    private static void leaveTransactionOpen(PlatformSettings platform) {
        // Never closed, as after kill -9: closing it would end the transaction.
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "transactional.id", "filter-0-shards"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        List<Future<RecordMetadata>> sent = List.of(
                killed.send(new ProducerRecord<>("shards", new byte[] {1}, new byte[] {1})),
                killed.send(new ProducerRecord<>("rejections", new byte[] {1}, new byte[] {1})));
        killed.flush();
        if (!sent.stream().allMatch(Future::isDone)) {
            throw new IllegalStateException("the broker did not take what the killed packer sent");
        }
    }

    @Override
    public void stop() {
        // The platform ends with the JVM.
    }
}
