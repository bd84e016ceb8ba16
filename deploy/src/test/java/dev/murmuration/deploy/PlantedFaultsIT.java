package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

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
    void aRegistryThatMayNotMakeItsTopicDoesNotStart() throws Exception {
        try (Deployed planted = new Deployed(
                folder,
                ManifestEdits.changed(
                        KubernetesTest.render("local"),
                        "KafkaUser registry",
                        ManifestEdits.without("/spec/authorization/acls", "registry-events")))) {

            assertThatThrownBy(planted::prepare)
                    .hasMessageContaining("registry ended before there was the registry")
                    .hasMessageContaining("registry-events");
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
