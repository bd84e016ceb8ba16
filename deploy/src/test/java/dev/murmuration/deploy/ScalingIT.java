package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.deploy.ScalingCurve.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * KEDA with the lag of a real broker: the overlay epochs on an API server whose nodes are simulated, and each pod that runs there
 * is a process here. What differs from the overlay: addresses, thresholds and clocks ({@link #faster}), small models on
 * processors, and the pace of a teacher, which the broker limits by a quota in place of a GPU's.
 */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*keda.*",
        disabledReason = "takes longer than the suite has: ./murmuration verify-deploy keda")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScalingIT {

    /** Records of a backlog. */
    private static final int BACKLOG = 12_000;

    /** Bytes per second that the broker gives each teacher. */
    private static final double PACE = 60_000;

    /** What the topic tweets has partitions, and so the lag of a group that has read everything at most: a marker in each. */
    private static final int PARTITIONS = 12;

    @TempDir
    private static Path folder;

    private @Nullable Deployed deployed;
    private @Nullable SimulatedCluster cluster;
    private @Nullable Kubelet kubelet;
    private @Nullable Tweets tweets;

    /** The overlay is deployed, and the crawler has stored what the teacher will score; nothing scales yet. */
    @BeforeAll
    void deploy() throws Exception {
        Deployed platform = Deployed.of(folder, "epochs");
        deployed = platform;
        SimulatedCluster simulated = SimulatedCluster.start(folder.resolve("cluster"));
        cluster = simulated;
        List<ObjectNode> objects = Kustomization.render(Repository.path("k8s/overlays/epochs"));
        simulated.apply(objects.stream()
                .filter(object -> object.get("kind").asText().equals("Namespace"))
                .toList());
        simulated.apply(secrets(platform.secrets()));
        simulated.kubectl("", "create", "-k", Repository.path("k8s/asleep").toString());
        simulated.apply(objects.stream().filter(object -> !isScaled(object)).toList());
        kubelet = new Kubelet(simulated, platform, ScalingIT::onProcessors);
        Tweets stored = new Tweets(platform.broker());
        tweets = stored;
        platform.until("tweets", () -> stored.count() >= 200);
        stored.limitTeachers(PACE);
        simulated.apply(objects.stream()
                .filter(ScalingIT::isScaled)
                .map(object -> faster(object, platform.broker().address()))
                .toList());
    }

    @AfterAll
    void end() {
        for (AutoCloseable each : new AutoCloseable[] {kubelet, cluster, tweets, deployed}) {
            if (each != null) {
                close(each);
            }
        }
    }

    @Test
    void lessThanIsWorthAPodStartsNone() throws Exception {
        caughtUp();
        double errors = gauge("keda_scaled_object_errors_total", "teacher");
        tweets().add(PARTITIONS - 2);

        until("KEDA sees them", () -> seen("teacher") == PARTITIONS - 2);
        assertThat(wanted("teacher")).isZero();
        assertThat(gauge("keda_scaled_object_errors_total", "teacher")).isEqualTo(errors);
    }

    @Test
    void podsFollowTheLag() throws Exception {
        List<ScalingCurve> curves = new ArrayList<>();
        for (int teachers : new int[] {1, 2, 4}) {
            caughtUp();
            atMost(teachers);
            curves.add(follow(teachers));
        }
        Path results = Files.createDirectories(Repository.path("deploy/target/scaling"));
        ScalingCurve.write(curves, results);

        assertThat(curves).allSatisfy(curve -> {
            assertThat(curve.mostPods()).isEqualTo(curve.teachers());
            assertThat(curve.samples().getLast().pods()).isZero();
        });
        // What the teachers scored becomes shards, and a checkpoint of them.
        until("a pod of every stage that sleeps", () -> {
            look();
            return started.size() == 4;
        });
        assertThat(started).containsExactlyInAnyOrder("teacher", "trainer", "evaluator", "trainer-epochs");
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayStartsAndEndsNothing() throws Exception {
        caughtUp();
        int trainers = wanted("trainer");
        platform().endBroker();
        until("KEDA notices", () -> condition("teacher", "Ready").equals("False") || failures("teacher") > 0);

        assertThat(wanted("teacher")).isZero();
        assertThat(wanted("trainer")).isEqualTo(trainers);
        assertThat(condition("teacher", "Fallback")).isEqualTo("False");
        if (PrometheusServer.available()) {
            try (PrometheusServer prometheus = watched()) {
                until("alert ScalingBlind", () -> prometheus.firing().contains("ScalingBlind"));
            }
        }

        platform().startBroker();
        tweets().add(BACKLOG / 20);
        until("a teacher", () -> wanted("teacher") > 0);
    }

    /** Prometheus with our rules, in a hurry, on KEDA's operator alone. */
    private PrometheusServer watched() throws IOException {
        Map<String, String> targets = platform().targets();
        targets.put("lag-exporter:9404", "127.0.0.1:46810");
        return PrometheusServer.start(
                folder.resolve("prometheus"), platform().port("prometheus"), targets, 1, Rules::hurried);
    }

    private final Set<String> started = new java.util.TreeSet<>();
    private final Set<String> elsewhere = new java.util.TreeSet<>();

    /** Adds a backlog; returns what lag and pods did until all of it was scored and no teacher was left. */
    private ScalingCurve follow(int teachers) throws Exception {
        List<Sample> samples = new ArrayList<>();
        long begun = System.nanoTime();
        tweets().add(BACKLOG);
        until("all is scored", () -> {
            long lag = tweets().lag();
            look();
            samples.add(new Sample(
                    (System.nanoTime() - begun) / 1e9,
                    lag,
                    wanted("teacher"),
                    Objects.requireNonNull(kubelet).ready("teacher")));
            Sample last = samples.getLast();
            return lag <= PARTITIONS && samples.stream().anyMatch(sample -> sample.pods() > 0) && last.pods() == 0;
        });
        return new ScalingCurve(teachers, BACKLOG, samples);
    }

    /** Notes what runs, and what runs where it should not. */
    private void look() throws InterruptedException {
        for (JsonNode pod : cluster().list("api/v1", "pods")) {
            String name = pod.at("/metadata/labels/app.kubernetes.io~1name").asText();
            boolean hasModel =
                    Set.of("teacher", "trainer", "evaluator", "trainer-epochs").contains(name);
            if (hasModel) {
                started.add(name);
            }
            String node = pod.at("/spec/nodeName").asText();
            if (!node.isEmpty() && hasModel != node.startsWith("gpu-")) {
                elsewhere.add(name + " on " + node);
            }
        }
    }

    /** Nothing waits, and no teacher runs. */
    private void caughtUp() throws Exception {
        until("no teacher", () -> wanted("teacher") == 0);
        until("the end of the group's members", () -> tweets().skip());
    }

    private void atMost(int teachers) throws Exception {
        cluster()
                .kubectl(
                        "",
                        "patch",
                        "scaledobject",
                        "teacher",
                        "--type=merge",
                        "--patch",
                        "{\"spec\": {\"maxReplicaCount\": %d}}".formatted(teachers));
    }

    /** How many pods the stateful set of a service has. */
    private int wanted(String service) throws Exception {
        return cluster()
                .get("apis/apps/v1", "statefulsets", service)
                .at("/spec/replicas")
                .asInt();
    }

    /** The lag that KEDA saw last. */
    private long seen(String service) throws Exception {
        return (long) gauge("keda_scaler_metrics_value", service);
    }

    private double gauge(String metric, String service) throws Exception {
        return cluster()
                .operatorMetrics()
                .lines()
                .filter(line -> line.startsWith(metric + "{") && line.contains("scaledObject=\"" + service + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private String condition(String scaledObject, String type) throws Exception {
        JsonNode conditions = scaledObject(scaledObject).at("/status/conditions");
        return StreamSupport.stream(conditions.spliterator(), false)
                .filter(condition -> condition.get("type").asText().equals(type))
                .map(condition -> condition.get("status").asText())
                .findFirst()
                .orElse("");
    }

    private int failures(String scaledObject) throws Exception {
        JsonNode health = scaledObject(scaledObject).at("/status/health");
        return StreamSupport.stream(health.spliterator(), false)
                .mapToInt(each -> each.path("numberOfFailures").asInt())
                .sum();
    }

    private JsonNode scaledObject(String name) throws Exception {
        return cluster().get("apis/keda.sh/v1alpha1", "scaledobjects", name);
    }

    private void until(String what, java.util.concurrent.Callable<Object> condition) throws Exception {
        platform().until(what, () -> {
            Objects.requireNonNull(kubelet).check();
            return condition.call();
        });
    }

    private static boolean isScaled(JsonNode object) {
        return object.get("kind").asText().matches("Scaled.*|TriggerAuthentication");
    }

    /** The same with the broker of this test, and with seconds and hundreds of records for minutes and tens of thousands. */
    private static ObjectNode faster(ObjectNode object, String broker) {
        ObjectNode faster = object.deepCopy();
        if (!faster.get("kind").asText().startsWith("Scaled")) {
            return faster;
        }
        ObjectNode spec = (ObjectNode) faster.get("spec");
        spec.put("pollingInterval", 2);
        ObjectNode trigger = (ObjectNode) spec.at("/triggers/0/metadata");
        trigger.put("bootstrapServers", broker);
        if (faster.get("kind").asText().equals("ScaledJob")) {
            trigger.put("lagThreshold", "2").put("activationLagThreshold", "2");
            return faster;
        }
        spec.put("cooldownPeriod", 20);
        if (Kustomization.nameOf(faster).equals("teacher")) {
            trigger.put("lagThreshold", "500");
        }
        for (String way : List.of("scaleUp", "scaleDown")) {
            JsonNode behavior = spec.at("/advanced/horizontalPodAutoscalerConfig/behavior/" + way);
            if (behavior instanceof ObjectNode slow) {
                slow.put("stabilizationWindowSeconds", way.equals("scaleUp") ? 0 : 15);
                slow.path("policies").forEach(policy -> ((ObjectNode) policy).put("periodSeconds", 10));
            }
        }
        return faster;
    }

    /** What a pod's process has in place of a GPU, and of a stream without an end. */
    private static Map<String, String> onProcessors(String pod, String service) {
        return switch (service) {
            case "crawler" -> Map.of("CRAWLER_SIMULATOR_RECORDS", "600", "CRAWLER_SIMULATOR_RATE", "0");
            // One broker here, and so one copy.
            case "filter" ->
                Map.of(
                        "FILTER_SHARDS_MAX_SAMPLES", "10",
                        "FILTER_SHARDS_IDLE", "20s",
                        "FILTER_REPLICATION_FACTOR", "1");
            // A client of its own for each pod, or the broker's quota would be one for all of them; and fetches small
            // enough for it.
            case "teacher" ->
                Map.of(
                        "MP_MESSAGING_INCOMING_TWEETS_CLIENT_ID", pod,
                        "MP_MESSAGING_INCOMING_TWEETS_FETCH_MAX_BYTES", "30000",
                        "MP_MESSAGING_INCOMING_TWEETS_MAX_PARTITION_FETCH_BYTES", "15000",
                        "TEACHER_DEVICE", "cpu");
            case "trainer" ->
                Map.of(
                        "TRAINER_ARCHITECTURE", "vit-demo-16-64",
                        "TRAINER_DEVICE", "cpu",
                        "TRAINER_PRECISION", "fp32",
                        "TRAINER_THREADS", "1",
                        "TRAINER_BATCH", "32");
            default -> Map.of("EVALUATOR_DEVICE", "cpu", "EVALUATOR_THREADS", "1");
        };
    }

    private static List<ObjectNode> secrets(Secrets secrets) {
        List<ObjectNode> objects = new ArrayList<>();
        new TreeMap<>(secrets.byName()).forEach((name, content) -> {
            ObjectNode secret =
                    Repository.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
            secret.putObject("metadata").put("name", name);
            ObjectNode data = secret.putObject("data");
            content.forEach(data::put);
            objects.add(secret);
        });
        return objects;
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Deployed platform() {
        return Objects.requireNonNull(deployed);
    }

    private SimulatedCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    private Tweets tweets() {
        return Objects.requireNonNull(tweets);
    }
}
