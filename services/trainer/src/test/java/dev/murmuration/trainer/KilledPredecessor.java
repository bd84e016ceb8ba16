package dev.murmuration.trainer;

import ai.djl.Device;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.programs.Torch;
import dev.murmuration.schemas.Checkpoint;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.EventWriter;
import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.schemas.ReplacedShard;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.ShardOffset;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.WorkFolder;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.checkpoint.CheckpointArchive;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import dev.murmuration.trainer.run.DrawnSamples;
import dev.murmuration.trainer.run.Plan;
import dev.murmuration.trainer.run.Recipe;
import dev.murmuration.trainer.run.TrainingListener;
import dev.murmuration.trainer.run.TrainingRun;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The real platform with a stream of shards on it, on which a trainer was killed in the middle of the second one, some steps
 * after its only checkpoint. The records of {@code shards}, by offset: 0 training, 1 validation, 2 another data set, 3 training,
 * 4 no event, 5 a lost shard, 6 an end, 7 training, 8 what is left of 0 after a redaction, 9 and 10 training shards that are gone
 * because 10 replaces 9 and 11 replaces 10, 11 training, 12 the last end.
 */
public class KilledPredecessor implements QuarkusTestResourceLifecycleManager {

    static final Plan PLAN = new Plan(
            "run-1",
            "flat",
            Architecture.named("vit-demo-16-64"),
            Pixels.symmetric(64, Resize.PILLOW_BILINEAR),
            Recipe.distil(),
            11,
            8,
            1,
            5,
            40,
            10);
    static final long LAST_OFFSET = 12;

    private static final int STOPPED_AT_STEP = 7;

    @Override
    public Map<String, String> start() {
        try {
            PlatformSettings platform = as(TestPlatform.class, () -> {
                PlatformSettings started = TestPlatform.settings();
                TestPlatform.recreateTopics();
                return started;
            });
            as(KafkaProducer.class, () -> leaveBehind(platform, names()));
            Map<String, String> settings = settings(platform);
            settings.put(
                    "trainer.work-folder", Files.createTempDirectory("trainer-").toString());
            change(settings);
            return settings;
        } catch (Exception e) {
            throw new IllegalStateException("the predecessor could not leave anything behind", e);
        }
    }

    /** Of which labelling the shards are. */
    TopicNames names() {
        return TopicNames.PLAIN;
    }

    /** For another trainer on the same shards. */
    void change(Map<String, String> settings) {}

    /** Kafka looks up its plug-ins by the thread's class loader, which must be the one that has the Kafka in use. */
    private static <T> T as(Class<?> user, Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(user.getClassLoader());
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Map<String, String> settings(PlatformSettings platform) {
        Map<String, String> settings = new HashMap<>(platform.forServices());
        settings.put("quarkus.http.test-port", "0");
        settings.put("trainer.run", PLAN.run());
        settings.put("trainer.seed", "11");
        settings.put("trainer.batch", "8");
        settings.put("trainer.threads", "1");
        settings.put("trainer.device", "cpu");
        settings.put("trainer.stream.passes", "5");
        settings.put("trainer.stream.reservoir-bytes", String.valueOf(40 * 64 * 64 * 3 + 1));
        settings.put("trainer.validation.samples", "10");
        return settings;
    }

    private static int leaveBehind(PlatformSettings platform, TopicNames names)
            throws IOException, InterruptedException, ExecutionException {
        ObjectStore store = store(platform);
        Map<String, Object> config = Map.of("bootstrap.servers", platform.bootstrapServers());
        try (EventWriter writer = new EventWriter(RegistrySettings.apicurio(platform.registryUrl()));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<ProducerRecord<byte[], byte[]>> records = stream(store, writer);
            records.stream()
                    .filter(record -> names.isRelabelling() && record.value() != null)
                    .forEach(record -> record.headers()
                            .add(TopicNames.HEADER, names.prefix().getBytes(StandardCharsets.UTF_8)));
            records.add(new ProducerRecord<>(
                    Topics.CHECKPOINTS.name(),
                    PLAN.run().getBytes(StandardCharsets.UTF_8),
                    writer.write(Topics.CHECKPOINTS, checkpoint(store))));
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
            return records.size();
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> stream(ObjectStore store, EventWriter writer)
            throws IOException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(shard(store, writer, "a", 20, "flat", Split.train));
        records.add(shard(store, writer, "v", 12, "flat", Split.val));
        records.add(shard(store, writer, "other", 3, "bal", Split.train));
        records.add(shard(store, writer, "b", 30, "flat", Split.train));
        records.add(record("flat", "no event".getBytes(StandardCharsets.UTF_8)));
        records.add(shard(store, writer, "lost", 3, "flat", Split.train));
        store.delete(key("lost"));
        records.add(end(0));
        records.add(shard(store, writer, "c", 14, "flat", Split.train));
        records.add(replacing("a", shard(store, writer, "rest-of-a", 18, "flat", Split.train)));
        records.add(shard(store, writer, "d", 12, "flat", Split.train));
        records.add(replacing("d", shard(store, writer, "rest-of-d", 11, "flat", Split.train)));
        records.add(replacing("rest-of-d", shard(store, writer, "last-of-d", 10, "flat", Split.train)));
        store.delete(key("d"));
        store.delete(key("rest-of-d"));
        records.add(end(1));
        return records;
    }

    private static ProducerRecord<byte[], byte[]> shard(
            ObjectStore store, EventWriter writer, String name, int samples, String dataset, Split split)
            throws IOException {
        byte[] tar = DrawnSamples.shard(name, samples);
        store.putIfAbsent(key(name), tar, "application/x-tar");
        Shard event = Shard.newBuilder()
                .setDataset(dataset)
                .setSplit(split)
                .setKey(key(name))
                .setSha256(Sha256.hex(tar))
                .setBytes(tar.length)
                .setSamples(samples)
                .setPerClass(new PerClass((long) samples, 0L, 0L))
                .setSourcePartition(0)
                .setFirstOffset(0)
                .setLastOffset(0)
                .setTeacher(new Teacher("teacher", "0"))
                .setThresholds(new Thresholds(.7, .7, .7))
                .setCreatedAt(Instant.EPOCH)
                .build();
        return record(dataset, writer.write(Topics.SHARDS, event));
    }

    private static ProducerRecord<byte[], byte[]> replacing(String name, ProducerRecord<byte[], byte[]> record) {
        record.headers().add(ReplacedShard.HEADER, key(name).getBytes(StandardCharsets.UTF_8));
        return record;
    }

    static String key(String name) {
        return "shards/flat/train/0-0-%s.tar".formatted(name);
    }

    private static ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
        return new ProducerRecord<>(Topics.SHARDS.name(), key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static ProducerRecord<byte[], byte[]> end(int partition) {
        EndOfFeed marker = new EndOfFeed("simulator", partition, 2);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.SHARDS.name(), marker.key().getBytes(StandardCharsets.UTF_8), null);
        record.headers().add(EndOfFeed.HEADER, marker.header());
        return record;
    }

    private static Checkpoint checkpoint(ObjectStore store) throws IOException {
        Path folder = Files.createTempDirectory("predecessor-");
        try (TrainingRun run = run()) {
            play(run, step -> step.step() < STOPPED_AT_STEP);
            Path tar = CheckpointArchive.write(folder, run, Optional.empty()).tar();
            String sha256 = Sha256.hex(tar);
            String key = "checkpoints/run-1/000000007-%s.tar".formatted(sha256);
            store.putIfAbsent(key, tar, sha256, "application/x-tar");
            return Checkpoint.newBuilder()
                    .setRun(PLAN.run())
                    .setArchitecture(PLAN.architecture().name())
                    .setRecipe("distil")
                    .setStep(run.step())
                    .setSamplesSeen(run.samplesSeen())
                    .setKey(key)
                    .setSha256(sha256)
                    .setDataset("flat")
                    .setShardOffsets(List.of(new ShardOffset(0, run.offset())))
                    .setTrainLoss(run.position().loss())
                    .setValidation(null)
                    .setCreatedAt(Instant.EPOCH)
                    .build();
        } finally {
            WorkFolder.delete(folder);
        }
    }

    /** A run that nobody kills, on the same stream. */
    static TrainingRun run() {
        Torch.threads(1);
        return new TrainingRun(PLAN, Training.begin(PLAN.architecture(), Device.cpu(), Precision.FP32, PLAN.seed()));
    }

    static void play(TrainingRun run, TrainingListener listener) throws IOException {
        boolean going = run.learn(samples("a", 20), 0, listener);
        run.validation(samples("v", 12), 1);
        run.skip(2);
        going = going && run.learn(samples("b", 30), 3, listener);
        if (going) {
            run.skip(5);
            run.end(new EndOfFeed("simulator", 0, 2), 6, listener);
            run.learn(samples("c", 14), 7, listener);
            run.learn(samples("last-of-d", 10), 11, listener);
            run.end(new EndOfFeed("simulator", 1, 2), LAST_OFFSET, listener);
        }
    }

    private static List<Sample> samples(String name, int count) throws IOException {
        byte[] bytes = DrawnSamples.shard(name, count);
        Path file = Files.write(Files.createTempFile("shard-", ".tar"), bytes);
        try {
            return new ShardDecoder(PLAN.pixels(), 64, 1 << 20, 1000)
                    .read(file, new ShardReference(key(name), Sha256.hex(bytes)), i -> true, k -> false)
                    .samples();
        } finally {
            Files.delete(file);
        }
    }

    private static ObjectStore store(PlatformSettings platform) {
        return new ObjectStore(new StoreSettings() {
            @Override
            public String endpoint() {
                return platform.storeEndpoint();
            }

            @Override
            public String accessKey() {
                return platform.accessKey();
            }

            @Override
            public String secretKey() {
                return platform.secretKey();
            }

            @Override
            public int maxRequests() {
                return 64;
            }

            @Override
            public String region() {
                return "us-east-1";
            }

            @Override
            public String bucket() {
                return platform.bucket();
            }

            @Override
            public Duration timeout() {
                return Duration.ofSeconds(30);
            }

            @Override
            public Duration connectTimeout() {
                return Duration.ofSeconds(5);
            }

            @Override
            public Duration readTimeout() {
                return Duration.ofSeconds(30);
            }

            @Override
            public long maxBytesInMemory() {
                return 1 << 26;
            }

            @Override
            public long multipartThreshold() {
                return 1 << 26;
            }
        });
    }

    @Override
    public void stop() {
        // The platform ends with the JVM.
    }
}
