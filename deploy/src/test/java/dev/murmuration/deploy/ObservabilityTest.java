package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics, rules, dashboards and runbooks name nothing that the code does not have. */
class ObservabilityTest {

    private static final Metrics METRICS = Metrics.documented();

    @Test
    void theTableListsExactlyTheMetricsOfTheCode() {
        Set<String> documented = METRICS.byName().values().stream()
                .map(Metrics.Metric::meter)
                .filter(name -> name.startsWith("murmuration_"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(Metrics.inCode()).hasSizeGreaterThan(30);
    }

    @Test
    void countersEndInTotalAndNothingElseDoes() {
        assertThat(METRICS.byName().values())
                .allMatch(metric -> metric.name().endsWith("_total") == (metric.type() == Metrics.Type.COUNTER));
    }

    @Test
    void rulesNameMetricsLabelsAndRunbooksThatAreThere() {
        assertThat(Rules.read().problems(METRICS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rate(murmuration_teacher_recods_total[5m]); no metric murmuration_teacher_recods_total",
                "rate(murmuration_teacher_records[5m]); no metric murmuration_teacher_records",
                "murmuration_teacher_batch_seconds; no metric murmuration_teacher_batch_seconds",
                "sum by (grup) (murmuration_lag_records); no label grup",
                "murmuration_lag_records{consumergroup=\"teacher\"}; no label consumergroup",
                "murmuration:backlog:minutes > 3; no rule records murmuration:backlog:minutes"
            })
    void findsAMistakeInAnExpression(String expression, String problem) {
        assertThat(METRICS.problems(expression, Rules.read().recorded())).containsExactly(problem);
    }

    @Test
    void findsARuleWithoutARunbook() {
        JsonNode file = Repository.yaml(Rules.PATH);
        ObjectNode alert = (ObjectNode) file.at("/groups/1/rules/0");
        alert.put("alert", "Unheard");
        assertThat(new Rules(file).problems(METRICS)).anyMatch(problem -> problem.contains("Unheard: no runbook"));
    }

    @Test
    void everyRunbookIsOfAnAlertAndIsListed() {
        Set<String> pages = Repository.files("docs/runbooks", ".md").stream()
                .map(page -> page.getFileName().toString().replace(".md", ""))
                .filter(page -> !page.equals("README"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(pages).isEqualTo(Rules.read().alerts());
        String list = Repository.text("docs/runbooks/README.md");
        assertThat(pages).allMatch(page -> list.contains("[%s](%s.md)".formatted(page, page)));
    }

    @Test
    void everyAlertIsTested() {
        Set<String> tested = new TreeSet<>();
        Repository.yaml("docker/prometheus/murmuration.test.yml")
                .get("tests")
                .forEach(test -> test.path("alert_rule_test").forEach(alert -> {
                    if (!alert.get("exp_alerts").isEmpty()) {
                        tested.add(alert.get("alertname").asText());
                    }
                }));
        assertThat(tested).isEqualTo(Rules.read().alerts());
    }

    @Test
    void alertsFireWhenTheyShallAndNotBefore() throws IOException, InterruptedException {
        assumeThat(onPath("promtool"))
                .as("promtool, of Debian's package prometheus")
                .isTrue();
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "test",
                        "rules",
                        Repository.path("docker/prometheus/murmuration.test.yml")
                                .toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(promtool.exitValue()).as(said).isZero();
    }

    @Test
    void prometheusReadsEveryServiceAtItsPort() {
        JsonNode targets = Repository.yaml("docker/prometheus/prometheus.yml").at("/scrape_configs/0/static_configs");
        List<String> expected = Service.inPipelineOrder().stream()
                .map(service -> "%s:%d as %s".formatted(service.name(), service.port(), service.name()))
                .toList();
        List<String> found = new ArrayList<>();
        targets.forEach(target -> found.add(target.at("/targets/0").asText() + " as "
                + target.at("/labels/service").asText()));
        assertThat(found).isEqualTo(expected).hasSize(Topics.SERVICES.size());
    }

    static Stream<Path> dashboards() {
        return Repository.files("docker/grafana/dashboards", ".json").stream();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsNameMetricsThatAreThere(Path dashboard) {
        assertThat(problems(Repository.json(dashboard))).isEmpty();
    }

    @Test
    void findsAPanelOfAMetricThatIsNotThere() {
        JsonNode dashboard = Repository.json(Repository.path("docker/grafana/dashboards/lag.json"));
        ((ObjectNode) dashboard.at("/panels/0/targets/0")).put("expr", "kafka_lag");
        assertThat(problems(dashboard)).containsExactly("Records that wait, by group: no metric kafka_lag");
    }

    @Test
    void findsPanelsThatOverlap() {
        JsonNode dashboard = Repository.json(Repository.path("docker/grafana/dashboards/lag.json"));
        ((ObjectNode) dashboard.at("/panels/1/gridPos")).put("x", 6);
        assertThat(problems(dashboard)).containsExactly("Time to catch up: overlaps Records that wait, by group");
    }

    private static List<String> problems(JsonNode dashboard) {
        List<String> problems = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        List<JsonNode> before = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").asText();
            if (!ids.add(panel.get("id").asInt())) {
                problems.add(title + ": its id is taken");
            }
            before.stream()
                    .filter(other -> overlap(panel.get("gridPos"), other.get("gridPos")))
                    .forEach(other -> problems.add(
                            title + ": overlaps " + other.get("title").asText()));
            before.add(panel);
            panel.get("targets").forEach(target -> {
                METRICS.problems(target.get("expr").asText(), Rules.read().recorded())
                        .forEach(problem -> problems.add(title + ": " + problem));
                if (!target.at("/datasource/uid").asText().equals(source())) {
                    problems.add(title + ": asks a source that is not provisioned");
                }
            });
        }
        return problems;
    }

    private static String source() {
        return Repository.yaml("docker/grafana/provisioning/datasources/prometheus.yml")
                .at("/datasources/0/uid")
                .asText();
    }

    private static boolean overlap(JsonNode one, JsonNode other) {
        return one.get("x").asInt() < other.get("x").asInt() + other.get("w").asInt()
                && other.get("x").asInt() < one.get("x").asInt() + one.get("w").asInt()
                && one.get("y").asInt()
                        < other.get("y").asInt() + other.get("h").asInt()
                && other.get("y").asInt() < one.get("y").asInt() + one.get("h").asInt();
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
