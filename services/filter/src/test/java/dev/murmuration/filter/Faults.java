package dev.murmuration.filter;

import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.Platform;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Topics;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The filter as it is deployed, in processes of its own on a platform of its own, under a stream that never pauses, while
 * everything around it breaks. What must hold at the end is not judged here but by the audit.
 */
final class Faults implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final PrintStream out;
    private final Random random;
    private final Path folder;
    private final Installation installed = Installation.find();
    private final PlatformSettings platform;
    private final Map<String, ChildProcess> filters = new HashMap<>();
    private final Gate gate;
    private final ChildProcess registry;
    private final LoopedStream stream;
    private final KafkaConsumer<byte[], byte[]> looking;
    private ChildProcess servers;
    private int kills;
    private int endings;

    /** @param pause of the stream between two tweets, for a machine that has more to do */
    Faults(PrintStream out, Path folder, long seed, Duration pause) throws Exception {
        this.out = out;
        this.folder = folder;
        this.random = new Random(seed);
        this.platform = PlatformSettings.onFreePorts(folder.resolve("platform"));
        List<Program> programs = Platform.programs(platform, installed);
        this.servers = start(programs.get(0));
        this.registry = start(programs.get(1));
        new ClusterSetup(platform).run(Optional::empty);
        this.gate = new Gate(platform.storePort());
        this.stream = new LoopedStream(platform, store(), seed, pause);
        this.looking = new KafkaConsumer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private ChildProcess start(Program program) {
        return ChildProcess.start(program, folder.resolve(program.name() + ".log"));
    }

    private ObjectStore store() {
        return new ObjectStore(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreSettings.class)
                .withSources(new PropertiesConfigSource(platform.forServices(), "platform", 100))
                .withMappingIgnore("**")
                .build()
                .getConfigMapping(StoreSettings.class));
    }

    /** Starts a filter of this name, or starts it again. */
    void start(String instance) {
        Map<String, String> settings = new HashMap<>(platform.forServices());
        settings.put("s3.endpoint", "http://localhost:" + gate.port());
        settings.put("s3.timeout", "5m");
        settings.put("instance.name", instance);
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.http.port", "0");
        settings.put("kafka.session.timeout.ms", "6000");
        settings.put("kafka.heartbeat.interval.ms", "1500");
        settings.put("filter.active", "flat,bal-flat");
        settings.put("filter.state-dir", folder.resolve("state-" + instance).toString());
        settings.put("filter.standby-replicas", "1");
        settings.put("filter.shards.max-samples", "100");
        Program program = Program.quarkus(
                        instance,
                        List.of(
                                "-Xmx400m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED"),
                        installed.service("filter"),
                        installed.watchdog(),
                        List.of(),
                        folder.resolve("work-" + instance))
                .with(settings);
        filters.put(instance, start(program));
    }

    /** Kills it -9, at a moment of the seed: in two of three times when it has got on since it was started. */
    void kill(String instance) throws InterruptedException {
        if (random.nextInt(3) > 0) {
            awaitProgress(instance + " to get on", 1 + random.nextInt(400));
        }
        Thread.sleep(random.nextInt(3000));
        kill(Objects.requireNonNull(filters.remove(instance), instance));
        out.printf(
                "killed %s, the %d. time; %,d tweets, %,d on labelled-images%n",
                instance, kills, stream.tweets(), labelled());
    }

    private void kill(ChildProcess filter) {
        filter.kill();
        kills++;
    }

    /** As a launcher does: what ended by itself is started again. It may, where a transaction was lost with the broker. */
    private void supervise() {
        for (Map.Entry<String, ChildProcess> filter : Map.copyOf(filters).entrySet()) {
            if (!filter.getValue().alive()) {
                endings++;
                out.printf("%s ended by itself and is started again%n", filter.getKey());
                start(filter.getKey());
            }
        }
    }

    /** Kills broker and store and starts them again on what they had written. */
    void restartServers() {
        servers.kill();
        servers = start(Platform.programs(platform, installed).getFirst());
        new ClusterSetup(platform)
                .run(() -> servers.alive() ? Optional.empty() : Optional.of("the broker did not start again"));
        out.println("broker and store were killed and started again");
    }

    /** The filter cannot reach the store for so long; halfway it is killed and started again as well. */
    void loseStore(String instance, Duration outage) throws Exception {
        gate.shut();
        Thread.sleep(outage.dividedBy(2));
        kill(Objects.requireNonNull(filters.remove(instance), instance));
        start(instance);
        Thread.sleep(outage.dividedBy(2));
        gate.open();
        out.printf("the store was away for %s%n", outage);
    }

    /** Waits until so many more photos are labelled than now. */
    void awaitProgress(String what, long more) throws InterruptedException {
        long goal = labelled() + more;
        long start = System.nanoTime();
        while (labelled() < goal) {
            supervise();
            if (System.nanoTime() - start > TIMEOUT.toNanos()) {
                throw new IllegalStateException(
                        "still waiting for %s: %d of %d; logs in %s".formatted(what, labelled(), goal, folder));
            }
            Thread.sleep(LOOK);
        }
    }

    private long labelled() {
        List<TopicPartition> partitions = List.of(
                new TopicPartition(Topics.LABELLED_IMAGES.name(), 0),
                new TopicPartition(Topics.LABELLED_IMAGES.name(), 1));
        return looking.endOffsets(partitions, TIMEOUT).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /**
     * Ends the stream and returns once the last shard is committed. However long that takes: only nothing new for too long is a failure.
     */
    void finish() throws Exception {
        stream.end();
        TopicPartition shards = new TopicPartition(Topics.SHARDS.name(), 0);
        looking.assign(List.of(shards));
        looking.seekToBeginning(List.of(shards));
        Set<EndOfFeed> ends = new HashSet<>();
        long start = System.nanoTime();
        while (ends.size() < platform.partitions()) {
            supervise();
            for (ConsumerRecord<byte[], byte[]> record : looking.poll(LOOK)) {
                EndOfFeed.in(record.headers()).ifPresent(ends::add);
                start = System.nanoTime();
            }
            if (System.nanoTime() - start > TIMEOUT.toNanos()) {
                throw new IllegalStateException(
                        "the stream's end has not come through: %s; logs in %s".formatted(ends, folder));
            }
        }
    }

    /** What topics and store hold now. */
    Report audit() throws Exception {
        return new Auditor(platform).audit();
    }

    PlatformSettings platform() {
        return platform;
    }

    int kills() {
        return kills;
    }

    long tweets() {
        return stream.tweets();
    }

    @Override
    public void close() {
        stream.close();
        looking.close();
        filters.values().forEach(ChildProcess::kill);
        gate.close();
        registry.kill();
        servers.kill();
    }

    /** The long run: {@code ./murmuration bench filter --faults}. */
    static void run(PrintStream out, int kills, Duration outage, long seed) throws Exception {
        Path folder = Files.createTempDirectory("murmuration-faults-");
        long start = System.nanoTime();
        try (Faults faults = new Faults(out, folder, seed, Duration.ZERO)) {
            faults.start("filter-0");
            for (int i = 0; i < kills; i++) {
                faults.kill("filter-0");
                faults.start("filter-0");
                if (i == kills / 2) {
                    faults.restartServers();
                }
            }
            faults.awaitProgress("the filter after its last start", 500);
            faults.loseStore("filter-0", outage);
            faults.awaitProgress("the filter after the outage", 500);
            faults.start("filter-1");
            for (String dies : List.of("filter-0", "filter-1")) {
                faults.awaitProgress("both instances", 1000);
                faults.kill(dies);
                long killed = System.nanoTime();
                faults.awaitProgress("the other instance to take over", 200);
                out.printf(
                        "%s was dead, the other took over within %d s%n",
                        dies, Duration.ofNanos(System.nanoTime() - killed).toSeconds());
                if (dies.equals("filter-0")) {
                    faults.start(dies);
                }
            }
            faults.finish();
            Report report = faults.audit();
            report.lines().forEach(out::println);
            out.printf(
                    "%d kills, %d ends by itself, %,d tweets, %d s: %s%n",
                    faults.kills(),
                    faults.endings,
                    faults.tweets(),
                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                    report.ok() ? "the audit is clean" : "THE AUDIT FOUND DIFFERENCES");
            if (!report.ok()) {
                throw new IllegalStateException("conservation is broken");
            }
        }
    }
}
