package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.local.process.ChildProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Faults 3 and 9 of {@link PlantedFaultsTest}, put back into what runs: broker, registry, exporter and Prometheus say so themselves. */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*planted.*",
        disabledReason = "takes longer than the suite has: ./murmuration verify-deploy planted")
class PlantedFaultsIT {

    @TempDir
    private Path folder;

    @Test
    void aRegistryThatMayNotMakeItsTopicDoesNotServe() throws Exception {
        try (Deployed planted = new Deployed(
                        folder,
                        ManifestEdits.changed(
                                KubernetesTest.render("local"),
                                "KafkaUser registry",
                                ManifestEdits.without("/spec/authorization/acls", "registry-events")));
                ChildProcess registry = planted.registry()) {

            // By the thread that needs its storage first: it ends, or it stays and answers every request with an error.
            planted.until(
                    "the end of the registry, or its error",
                    () -> !registry.alive() || planted.fails("registry", "/apis/ccompat/v7/subjects"));

            assertThat(registry.log()).content().contains("Could not create topic 'registry-events'");
            assertThat(planted.broker().denied())
                    .isNotEmpty()
                    .allMatch(line -> line.contains("User:CN=registry") && line.contains("registry-events"));
        }
    }

    @Test
    void anAlertThatCountsTheRegistrysGroupsFiresOnEveryDeployment() throws Exception {
        assumeThat(PrometheusServer.available())
                .as("prometheus, of Debian's package of that name")
                .isTrue();
        try (Deployed local = Deployed.of(folder, "local")) {
            local.exportLag();
            try (PrometheusServer prometheus = PrometheusServer.start(
                    folder.resolve("prometheus"),
                    local.port("prometheus"),
                    local.targets(),
                    1,
                    rules -> Rules.hurried(rules.replace("|apicurio-.*", "")))) {

                local.until("the alert", () -> prometheus.firing().contains("GroupStandsStill"));
            }
        }
    }
}
