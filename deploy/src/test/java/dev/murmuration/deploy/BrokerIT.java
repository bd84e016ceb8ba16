package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.Child;
import dev.murmuration.local.process.Program;
import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What k8s/ says, with a real broker that asks everybody for a certificate and lets them do what the ACLs of the KafkaUsers say: registry, deployment job, the five
 * services and the exporter run as processes with the variables, settings and secrets of their manifests.
 */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*broker.*",
        disabledReason = "takes longer than the suite has: ./murmuration verify-deploy broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerIT {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Seconds after which a group stands still, for this test. */
    private static final int SOON = 10;

    private static final Pattern STANDING =
            Pattern.compile("murmuration_group_standing_seconds\\{group=\"apicurio-[^}]*} ([0-9.E]+)");

    @TempDir
    private static Path folder;

    private final Manifests manifests = Manifests.of(Kustomization.render(Repository.path("k8s/overlays/local")));
    private final List<Child> children = new ArrayList<>();
    private final Map<String, Integer> ports = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private @Nullable SecuredBroker broker;
    private @Nullable PrometheusServer prometheus;

    /** Until there is an accuracy. */
    @BeforeAll
    void deploy() throws Exception {
        List<String> users = Stream.concat(
                        Stream.of(SecuredBroker.ADMIN, SecuredBroker.BROKER),
                        manifests
                                .all(KafkaUser.class)
                                .map(user -> user.getMetadata().getName()))
                .toList();
        Keys keys = Keys.made(folder.resolve("keys"), users);
        SecuredBroker secured = SecuredBroker.start(
                folder.resolve("broker"), folder.resolve("logs"), port("broker"), port("controller"), keys);
        broker = secured;
        children.add(secured.child());
        children.add(store());
        secured.operate(manifests);
        PodProcess pods = new PodProcess(
                manifests,
                Secrets.of(manifests, keys),
                folder,
                Map.of(
                        "murmuration-kafka-bootstrap.murmuration.svc:9093", secured.address(),
                        "registry.murmuration.svc:8080", "localhost:" + port("registry"),
                        "store.murmuration.svc:9000", "localhost:" + port("store")));
        children.add(registry(pods));
        until("the registry", () -> get("registry", "/apis/ccompat/v7/subjects"));

        Child prepare = pods.prepare("prepare", pod(Job.class, "prepare"), List.of("prepare"));
        assertThat(prepare.exit().get(LONGEST.toSeconds(), TimeUnit.SECONDS))
                .as(() -> Repository.text(prepare.log()))
                .isZero();
        children.add(pods.prepare(
                "lag-exporter",
                pod(Deployment.class, "lag-exporter"),
                List.of("export-lag", "--host", "127.0.0.1", "--port", Integer.toString(port("lag-exporter")))));
        for (String service : Topics.SERVICES) {
            children.add(service(pods, service));
        }

        if (PrometheusServer.available()) {
            Map<String, String> targets = new TreeMap<>();
            targets.put("lag-exporter:9404", "127.0.0.1:" + port("lag-exporter"));
            Service.inPipelineOrder()
                    .forEach(service ->
                            targets.put(service.name() + ":" + service.port(), "127.0.0.1:" + port(service.name())));
            prometheus = PrometheusServer.start(folder.resolve("prometheus"), port("prometheus"), targets, SOON);
        }
        until("an accuracy", () -> get("evaluator", "/q/metrics").contains("murmuration_evaluator_accuracy{"));
    }

    @AfterAll
    void end() {
        if (prometheus != null) {
            prometheus.close();
        }
        children.reversed().forEach(Child::close);
    }

    @Test
    void nobodyIsDeniedAnything() throws Exception {
        until("the lag of the trainer", () -> get("lag-exporter", "/metrics").contains("group=\"trainer\""));
        SecuredBroker secured = Objects.requireNonNull(broker);
        try (Admin keda = secured.client("keda")) {
            for (Map.Entry<String, String> follows : Map.of(
                            "teacher", "tweets", "trainer", "shards", "evaluator", "checkpoints")
                    .entrySet()) {
                keda.listConsumerGroupOffsets(follows.getKey()).all().get();
                keda.listOffsets(Map.of(new TopicPartition(follows.getValue(), 0), OffsetSpec.latest()))
                        .all()
                        .get();
            }
        }
        assertThat(secured.denied()).isEmpty();
    }

    @Test
    void everyPanelHasDataAndNothingFiresButWhatTheStreamHolds() throws Exception {
        assumeThat(PrometheusServer.available())
                .as("prometheus, of Debian's package of that name")
                .isTrue();
        PrometheusServer server = Objects.requireNonNull(prometheus);
        until(
                "every target",
                () -> server.targetsUp() == Service.inPipelineOrder().size() + 1);
        List<String> empty = expressions();
        until("data in every panel", () -> {
            for (String expression : List.copyOf(empty)) {
                if (server.hasData(expression)) {
                    empty.remove(expression);
                }
            }
            return empty.isEmpty();
        });
        // The registry's group has stood for as long by then as GroupStandsStill waits here.
        until(
                "a group that stands",
                () -> STANDING.matcher(get("lag-exporter", "/metrics"))
                        .results()
                        .anyMatch(stands -> Double.parseDouble(stands.group(1)) > 2 * SOON));

        assertThat(server.brokenRules()).isEmpty();
        // The simulated stream holds records that nobody can read.
        assertThat(server.firing()).isSubsetOf("DeadLetters");
    }

    /** Of all panels; those that look back a day have nothing to see here. */
    private static List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        for (Path dashboard : Repository.files("docker/grafana/dashboards", ".json")) {
            for (JsonNode panel : Repository.json(dashboard).get("panels")) {
                panel.path("targets")
                        .forEach(target -> expressions.add(target.get("expr").asText()));
            }
        }
        expressions.removeIf(expression -> expression.contains("offset 1d"));
        return expressions;
    }

    private Child service(PodProcess pods, String service) throws IOException {
        // As many records, and shards as small, that a student is measured within a minute.
        Map<String, String> small = new HashMap<>();
        switch (service) {
            case "crawler" -> small.putAll(Map.of("CRAWLER_SIMULATOR_RECORDS", "800", "CRAWLER_SIMULATOR_RATE", "80"));
            case "filter" -> small.put("FILTER_SHARDS_MAX_SAMPLES", "40");
            default -> {}
        }
        return pods.quarkus(
                service + "-0",
                pod(StatefulSet.class, service),
                Installation.find().service(service),
                port(service),
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"),
                small);
    }

    private Child registry(PodProcess pods) throws IOException {
        return pods.quarkus(
                "registry",
                pod(Deployment.class, "registry"),
                Repository.path("local/target/registry/quarkus-run.jar"),
                port("registry"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                Map.of(
                        "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT", "0",
                        // Waited for some times over at its start.
                        "APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT", "100"));
    }

    /** Stands for the object store: S3Proxy's own program. */
    private Child store() throws IOException {
        Path home = Files.createDirectories(folder.resolve("store"));
        Path settings = home.resolve("s3proxy.conf");
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port("store"),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + Secrets.STORE_KEY,
                        "s3proxy.credential=" + Secrets.STORE_SECRET,
                        "s3proxy.ignore-unknown-headers=true",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + Files.createDirectories(home.resolve("objects"))));
        Program program = new Program(
                "store",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Installation.find().classPath(),
                "org.gaul.s3proxy.Main",
                List.of("--properties", settings.toString()),
                Map.of(),
                home);
        return Child.start(program, folder.resolve("logs/store.log"));
    }

    private <T> PodSpec pod(Class<T> kind, String name) {
        return switch (manifests.find(kind, name).orElseThrow()) {
            case StatefulSet set -> set.getSpec().getTemplate().getSpec();
            case Deployment deployment -> deployment.getSpec().getTemplate().getSpec();
            case Job job -> job.getSpec().getTemplate().getSpec();
            case Object other -> throw new IllegalArgumentException("no pods: " + other);
        };
    }

    private int port(String name) {
        return ports.computeIfAbsent(name, any -> PlatformSettings.freePort());
    }

    /** What is there, empty while nothing answers with 200. */
    private String get(String name, String path) throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port(name) + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return ""; // not yet
        }
    }

    /** Waits until a condition holds, while all programs run. */
    private void until(String what, Callable<Object> condition) throws Exception {
        long last = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            Object is = condition.call();
            if (is.equals(true) || (is instanceof String text && !text.isEmpty())) {
                return;
            }
            for (Child child : children) {
                if (!child.alive()) {
                    throw new AssertionError(
                            "%s ended before there was %s:%n%s".formatted(child.name(), what, tail(child.log())));
                }
            }
            if (System.nanoTime() > last) {
                throw new AssertionError("there was never " + what + "\n" + logs());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (Child child : children) {
            logs.append("---- ").append(child.name()).append('\n').append(tail(child.log()));
        }
        return logs.toString();
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size())) + "\n";
    }
}
