package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
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
 * What k8s/ says, with a real broker that asks everybody for a certificate and lets them do what the ACLs of the KafkaUsers say:
 * registry, deployment job, the five services, the console and the exporter run as processes with the variables, settings and
 * secrets of their manifests.
 */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*broker.*",
        disabledReason = "takes longer than the suite has: ./murmuration verify-deploy broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerIT {

    /** Seconds after which a group stands still, for this test. */
    private static final int SOON = 10;

    private static final Pattern STANDING =
            Pattern.compile("murmuration_group_standing_seconds\\{group=\"apicurio-[^}]*} ([0-9.E]+)");

    @TempDir
    private static Path folder;

    private @Nullable Deployed deployed;
    private @Nullable PrometheusServer prometheus;

    /** Until there is an accuracy. */
    @BeforeAll
    void deploy() throws Exception {
        Deployed local = Deployed.of(folder, "local");
        deployed = local;
        local.exportLag();
        for (String service : Topics.SERVICES) {
            local.stage(service, small(service));
        }
        local.console();
        if (PrometheusServer.available()) {
            prometheus = PrometheusServer.start(
                    folder.resolve("prometheus"),
                    local.port("prometheus"),
                    local.targets(),
                    5,
                    BrokerIT::groupsStandStillSoon);
        }
        local.until(
                "an accuracy", () -> local.get("evaluator", "/q/metrics").contains("murmuration_evaluator_accuracy{"));
    }

    private static String groupsStandStillSoon(String rules) {
        return rules.replaceFirst(
                "(murmuration_group_standing_seconds\\{[^}]*}\\)) > 1800\\s+for: 5m",
                "$1 > %d\n        for: 2s".formatted(SOON));
    }

    /** As many records, and shards as small, that a student is measured within a minute. */
    private static Map<String, String> small(String service) {
        return switch (service) {
            case "crawler" -> Map.of("CRAWLER_SIMULATOR_RECORDS", "800", "CRAWLER_SIMULATOR_RATE", "80");
            case "filter" -> Map.of("FILTER_SHARDS_MAX_SAMPLES", "40");
            default -> Map.of();
        };
    }

    @AfterAll
    void end() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (deployed != null) {
            deployed.close();
        }
    }

    @Test
    void nobodyIsDeniedAnything() throws Exception {
        Deployed local = Objects.requireNonNull(deployed);
        local.until(
                "the lag of the trainer",
                () -> local.get("lag-exporter", "/metrics").contains("group=\"trainer\""));
        // With every page, whatever the console reads is read.
        ConsolePages console = new ConsolePages(local.port(Service.CONSOLE));
        local.until("every page of the console", () -> console.missing().isEmpty());
        SecuredBroker secured = local.broker();
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
    void aTweetIsErasedWithTheRightsOfTheUserForThat() throws Exception {
        Deployed local = Objects.requireNonNull(deployed);
        String id;
        try (Tweets tweets = new Tweets(local.broker())) {
            id = tweets.first();
        }

        assertThat(local.filterCommand("erasure", List.of("subject", "--tweet", id, "--erase")))
                .contains("erased: ")
                .contains("the broker deletes the bytes on tweets by ");
        assertThat(local.filterCommand("erasure", List.of("redact"))).contains("samples were taken out of");
        assertThat(local.broker().denied()).isEmpty();
    }

    @Test
    void everyPanelHasDataAndNothingFiresButWhatTheStreamHolds() throws Exception {
        assumeThat(PrometheusServer.available())
                .as("prometheus, of Debian's package of that name")
                .isTrue();
        PrometheusServer server = Objects.requireNonNull(prometheus);
        Deployed local = Objects.requireNonNull(deployed);
        local.until(
                "every target",
                () -> server.targetsUp() == Service.inPipelineOrder().size() + 1);
        List<String> empty = PrometheusServer.expressions();
        local.until("data in every panel", () -> {
            for (String expression : List.copyOf(empty)) {
                if (server.hasData(expression)) {
                    empty.remove(expression);
                }
            }
            return empty.isEmpty();
        });
        // The registry's group has stood for as long by then as GroupStandsStill waits here.
        local.until(
                "a group that stands",
                () -> STANDING.matcher(local.get("lag-exporter", "/metrics"))
                        .results()
                        .anyMatch(stands -> Double.parseDouble(stands.group(1)) > 2 * SOON));

        assertThat(server.brokenRules()).isEmpty();
        // The simulated stream holds records that nobody can read.
        assertThat(server.firing()).isSubsetOf("DeadLetters");
    }
}
