package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.platform.RegistryAddress;
import dev.murmuration.local.platform.Site;
import dev.murmuration.local.platform.StoreAddress;
import dev.murmuration.local.platform.TopicPlan;
import dev.murmuration.schemas.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What docker-compose.yml runs on this machine, at the ports that it publishes: {@code deploy/verify/engine.sh} starts it, and
 * calls this once a stream has ended.
 */
@EnabledIfSystemProperty(
        named = "deploy.parts",
        matches = ".*engine.*",
        disabledReason = "needs the running system: ./murmuration verify-deploy engine")
class ComposeIT {

    @Test
    void losesAndDoublesNothingWhateverWasKilled() throws IOException {
        Properties example = Repository.properties(".env.example");
        Site published = new Site(
                Map.of("bootstrap.servers", "localhost:19092"),
                new RegistryAddress(
                        "http://localhost:8080/apis/registry/v3", Optional.empty(), Optional.empty(), Optional.empty()),
                new StoreAddress(
                        "http://localhost:9000",
                        "local",
                        example.getProperty("S3_ACCESS_KEY"),
                        example.getProperty("S3_SECRET_KEY"),
                        "murmuration",
                        Optional.empty()),
                new TopicPlan(false, 2, 1, Duration.ofDays(7)));

        Report report = new Auditor(published, TopicNames.PLAIN).audit();

        assertThat(report.ok()).as(() -> String.join("\n", report.lines())).isTrue();
        assertThat(report.photos()).isPositive();
    }

    @Test
    void theConsoleShowsTheStreamToThisMachineOnly() throws Exception {
        ConsolePages console = new ConsolePages(8086);

        assertThat(console.missing()).isEmpty();
        assertThat(console.statusFor("localhost:8086")).contains(" 200 ");
        assertThat(console.statusFor("pictures.example")).contains(" 421 ");
    }

    @Test
    void everyPanelHasData() throws InterruptedException {
        try (PrometheusServer prometheus = running()) {
            Set<String> empty = new TreeSet<>();
            for (String expression : PrometheusServer.expressions()) {
                if (!prometheus.hasData(expression)) {
                    empty.add(expression);
                }
            }

            assertThat(prometheus.targetsUp())
                    .isEqualTo(Service.inPipelineOrder().size() + 1);
            assertThat(empty).isEmpty();
            assertThat(prometheus.brokenRules()).isEqualTo(List.of());
        }
    }

    private static PrometheusServer running() throws InterruptedException {
        PrometheusServer prometheus = PrometheusServer.at(9090);
        assumeThat(prometheus.targetsUp())
                .as("Prometheus, of Debian's package of that name")
                .isPositive();
        return prometheus;
    }
}
