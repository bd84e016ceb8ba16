package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.local.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each alert fires on its fault, planted in the running system: the services as in {@link BrokerIT}, Prometheus with the rules of
 * docker/, in which two seconds stand for a minute. Two are planted elsewhere: KEDA without Kafka in {@link ScalingIT}, and a
 * loss that is no number only as a series for promtool, since it ends the trainer.
 */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*alerts.*",
        disabledReason = "takes longer than the suite has: ./murmuration verify-deploy alerts")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertsIT {

    /**
     * What a service has beside its manifest while nothing is wrong with it: a stream without an end, and shards and checkpoints
     * within seconds.
     */
    private static final Map<String, Map<String, String>> WELL = Map.of(
            "crawler", Map.of("CRAWLER_SIMULATOR_RATE", "15"),
            "teacher", Map.of(),
            "filter", Map.of("FILTER_SHARDS_MAX_SAMPLES", "20", "FILTER_SHARDS_IDLE", "5s"),
            "trainer", Map.of("TRAINER_CHECKPOINT_SAMPLES", "400", "TRAINER_BATCH", "32"),
            "evaluator", Map.of());

    @TempDir
    private static Path folder;

    private @Nullable Deployed deployed;
    private @Nullable PrometheusServer prometheus;
    private final Map<String, ChildProcess> services = new TreeMap<>();

    /** Until an accuracy, of a benchmark that holds a photo nobody can read, and with a group that nobody moves. */
    @BeforeAll
    void deploy() throws Exception {
        assumeThat(PrometheusServer.available())
                .as("prometheus, of Debian's package of that name")
                .isTrue();
        Deployed local = Deployed.of(folder, "local");
        deployed = local;
        local.exportLag();
        start("crawler", Map.of());
        local.until("the benchmark", () -> Files.exists(local.object("benchmarks/simulated/index.csv")));
        Path photo = local.object("benchmarks/simulated/images/00000.jpg");
        Files.writeString(photo, "no photo");
        for (String service : List.of("teacher", "filter", "trainer", "evaluator")) {
            start(service, Map.of());
        }
        forget("reports", "tweets");
        prometheus = PrometheusServer.start(
                folder.resolve("prometheus"), local.port("prometheus"), local.targets(), 1, Rules::hurried);
        local.until(
                "an accuracy", () -> local.get("evaluator", "/q/metrics").contains("murmuration_evaluator_accuracy{"));
    }

    @AfterAll
    void end() {
        if (prometheus != null) {
            prometheus.close();
        }
        services.values().forEach(ChildProcess::close);
        if (deployed != null) {
            deployed.close();
        }
    }

    @Test
    @Order(1)
    void whatTheStreamAndTheBenchmarkHold() throws Exception {
        fires("DeadLetters", "OddPhotos");
    }

    @Test
    @Order(2)
    void aTeacherThatIsTooSlow() throws Exception {
        assertThat(firing()).doesNotContain("Backlog", "LagTooOld");
        try (Tweets tweets = new Tweets(deployed().broker())) {
            tweets.limitTeachers(1_000.0);
            fires("Backlog", "LagTooOld");
            tweets.limitTeachers(null);
        }
    }

    @Test
    @Order(3)
    void aStudentThatHasForgotten() throws Exception {
        assertThat(firing()).doesNotContain("AccuracyDrop");
        restart(
                "trainer",
                Map.of("TRAINER_RUN", "anew", "TRAINER_CHECKPOINT_SAMPLES", "32", "TRAINER_LEARNING_RATE", "0.5"));
        fires("AccuracyDrop");
    }

    @Test
    @Order(4)
    void aStoreThatHangs() throws Exception {
        assertThat(firing()).doesNotContain("FeedSilent", "PositionStandsStill");
        // Checkpoints wait before the store hangs.
        stop("evaluator");
        restart("trainer", Map.of("TRAINER_CHECKPOINT_SAMPLES", "32"));
        deployed().until("checkpoints that wait", () -> metric("lag-exporter", "/metrics", "group=\"evaluator\"") >= 3);
        start("evaluator", Map.of());
        deployed().until("the evaluator", () -> deployed().isReady(deployed().port("evaluator")));
        signal("STOP");
        try {
            fires("FeedSilent", "PositionStandsStill");
        } finally {
            signal("CONT");
        }
    }

    @Test
    @Order(5)
    void noShardsAndNoCheckpoints() throws Exception {
        assertThat(firing()).doesNotContain("NoShards", "NoCheckpoints");
        restart("filter", Map.of("FILTER_SHARDS_MAX_SAMPLES", "100000", "FILTER_SHARDS_IDLE", "1h"));
        fires("NoShards");
        restart("filter", Map.of());
        restart("trainer", Map.of("TRAINER_CHECKPOINT_SAMPLES", "1000000", "TRAINER_CHECKPOINT_INTERVAL", "1h"));
        fires("NoCheckpoints");
    }

    @Test
    @Order(6)
    void aStreamThatIsSuddenlyOther() throws Exception {
        assertThat(firing()).doesNotContain("RejectionsJump");
        restart("crawler", Map.of("CRAWLER_MORE_THAN_WORDS", "100"));
        fires("RejectionsJump");
    }

    @Test
    @Order(7)
    void deletionsThatNobodyFollows() throws Exception {
        assertThat(firing()).doesNotContain("DeletionsBehind");
        restart("crawler", Map.of("CRAWLER_FOLLOW_DELETIONS_WITHIN", "1s"));
        fires("DeletionsBehind");
    }

    @Test
    @Order(8)
    void aServiceThatIsGoneAndOneThatComesAndGoes() throws Exception {
        assertThat(firing()).doesNotContain("ServiceDown");
        stop("teacher");
        fires("ServiceDown");
        start("teacher", Map.of());
        for (int i = 0; i < 2; i++) {
            deployed().until("the teacher", () -> deployed().isReady(deployed().port("teacher")));
            TimeUnit.SECONDS.sleep(3); // Prometheus looks each second.
            restart("teacher", Map.of());
        }
        fires("ServiceRestarts");
    }

    @Test
    @Order(9)
    void aHeapThatIsFull() throws Exception {
        assertThat(firing()).doesNotContain("HeapFull");
        // Nothing to measure: it shall live with what is left of its heap.
        stop("trainer");
        deployed().until("an evaluator at rest", () -> metric("lag-exporter", "/metrics", "group=\"evaluator\"") == 0);
        restart("evaluator", Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + HeapHog.jar(folder.resolve("hog.jar"))));
        fires("HeapFull");
    }

    @Test
    @Order(10)
    void aGroupThatNobodyMoves() throws Exception {
        fires("GroupStandsStill");
    }

    /** All alerts but those that the class comment names have their fault here. */
    @Test
    @Order(11)
    void eachAlertHasFired() {
        assertThat(fired.keySet())
                .containsExactlyInAnyOrderElementsOf(Rules.read().alerts().stream()
                        .filter(alert ->
                                !List.of("ScalingBlind", "LossIsNoNumber").contains(alert))
                        .toList());
    }

    private final Map<String, Long> fired = new TreeMap<>();

    /** Waits until these alerts fire, and notes how long after the fault they did. */
    private void fires(String... alerts) throws Exception {
        long planted = System.nanoTime();
        deployed().until("alerts " + List.of(alerts), () -> {
            for (String alert : firing()) {
                if (List.of(alerts).contains(alert)
                        && fired.putIfAbsent(alert, (System.nanoTime() - planted) / 1_000_000_000) == null) {
                    System.out.printf("%-20s fires after %d s%n", alert, fired.get(alert));
                }
            }
            return fired.keySet().containsAll(List.of(alerts));
        });
    }

    private void restart(String service, Map<String, String> fault) throws IOException {
        stop(service);
        start(service, fault);
    }

    private void start(String service, Map<String, String> fault) throws IOException {
        Map<String, String> variables = new HashMap<>(Objects.requireNonNull(WELL.get(service)));
        variables.putAll(fault);
        services.put(service, deployed().start(service, variables));
    }

    private void stop(String service) {
        Objects.requireNonNull(services.remove(service)).close();
    }

    /** Of the store's process. */
    private void signal(String name) throws IOException, InterruptedException {
        long pid = deployed().store().handle().pid();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** A group that has read nothing of a topic and has no members. */
    private void forget(String group, String topic) throws Exception {
        try (Admin admin = deployed().broker().client(SecuredBroker.ADMIN)) {
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }
    }

    /** The largest value of the lines that hold a text. */
    private double metric(String program, String path, String holds) throws InterruptedException {
        return deployed()
                .get(program, path)
                .lines()
                .filter(line -> line.startsWith("murmuration_group_lag_records") && line.contains(holds))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElse(0);
    }

    private Set<String> firing() throws InterruptedException {
        return Objects.requireNonNull(prometheus).firing();
    }

    private Deployed deployed() {
        return Objects.requireNonNull(deployed);
    }
}
