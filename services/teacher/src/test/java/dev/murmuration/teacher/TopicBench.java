package dev.murmuration.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.Topics;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.teacher.model.ModelFolder;
import dev.murmuration.teacher.model.Precision;
import dev.murmuration.teacher.transformer.RandomTransformer;
import dev.murmuration.teacher.transformer.TransformerBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The service as a process of its own on a real broker. */
final class TopicBench {

    private static final int ROBERTA_TEXTS = 3_072;
    private static final int KILL_TEXTS = 60_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private final PlatformSettings platform = TestPlatform.settings();
    private final Set<String> keys = new HashSet<>();
    private int received;

    private TopicBench() {}

    /** The clock runs from the first committed score to the last, so that the service's start does not count. */
    static void rate(List<String> texts) throws Exception {
        Path folder = Files.createTempDirectory("murmuration-bench-");
        try {
            RandomTransformer.write(folder);
            for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
                new TopicBench().rate(texts, folder, precision);
            }
        } finally {
            ModelFolder.remove(folder);
        }
    }

    private void rate(List<String> texts, Path model, Precision precision) throws Exception {
        TestPlatform.recreateTopics();
        produce(texts, ROBERTA_TEXTS);
        Process service = service(
                "-Dteacher.model=" + model,
                "-Dteacher.precision=" + TransformerBench.name(precision),
                "-Dteacher.threads=" + Torch.threads());
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            receive(consumer, service, 1);
            int before = received;
            long start = System.nanoTime();
            receive(consumer, service, ROBERTA_TEXTS);
            Bench.line(
                    "%-46s %8.1f tweets/s",
                    "from topic to topic, precision=" + TransformerBench.name(precision),
                    (received - before) / seconds(start));
        } finally {
            service.destroy();
            service.waitFor(30, TimeUnit.SECONDS);
        }
    }

    /** The bundled teacher is killed in the middle of a stream, and another process takes its place. */
    static void kill(List<String> texts) throws Exception {
        new TopicBench().killed(texts);
    }

    private void killed(List<String> texts) throws Exception {
        TestPlatform.recreateTopics();
        produce(texts, KILL_TEXTS);
        Process first = service();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            receive(consumer, first, KILL_TEXTS / 10);
            first.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            long start = System.nanoTime();
            Process second = service();
            try {
                // What the killed one had committed and nobody has read yet is not the successor's.
                drain(consumer);
                int before = received;
                receive(consumer, second, before + 1);
                double back = seconds(start);
                receive(consumer, second, KILL_TEXTS);
                drain(consumer);
                Bench.line(
                        "killed with kill -9 after %d of %d scores: the successor's first score is committed %.1f s"
                                + " after its start; %d scores of %d tweets",
                        before, KILL_TEXTS, back, received, keys.size());
            } finally {
                second.destroy();
                second.waitFor(30, TimeUnit.SECONDS);
            }
        } finally {
            first.destroyForcibly();
        }
    }

    private void produce(List<String> texts, int count) {
        try (EventWriter writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", platform.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String text = texts.get(i % texts.size());
                Tweet tweet =
                        new Tweet("t" + i, "recorded", "", "en", text, Instant.EPOCH, Instant.EPOCH, List.of(), "");
                sent.add(producer.send(new ProducerRecord<>(
                        Topics.TWEETS.name(), i % 2, ("t" + i).getBytes(UTF_8), writer.write(Topics.TWEETS, tweet))));
            }
            producer.flush();
            if (!sent.stream().allMatch(future -> future.state() == Future.State.SUCCESS)) {
                throw new IllegalStateException("the broker did not take every tweet");
            }
        }
    }

    private Process service(String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dinstance.name=bench-0",
                "-Dquarkus.http.port=0"));
        command.addAll(List.of(settings));
        platform.forServices().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-jar",
                Bench.root()
                        .resolve("services/teacher/target/quarkus-app/quarkus-run.jar")
                        .toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createTempFile("murmuration-bench-", ".log").toFile())
                .start();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                platform.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "group.id",
                "bench-" + System.nanoTime());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(Topics.SCORED_TWEETS.name()));
        return consumer;
    }

    private void receive(KafkaConsumer<byte[], byte[]> consumer, Process service, int atLeast) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (received < atLeast) {
            poll(consumer);
            if (!service.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the service gave %d of %d scores".formatted(received, atLeast));
            }
        }
    }

    private void drain(KafkaConsumer<byte[], byte[]> consumer) {
        int quiet = 0;
        while (quiet < 3) {
            quiet = poll(consumer) == 0 ? quiet + 1 : 0;
        }
    }

    private int poll(KafkaConsumer<byte[], byte[]> consumer) {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            keys.add(new String(record.key(), UTF_8));
            received++;
            count++;
        }
        return count;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
