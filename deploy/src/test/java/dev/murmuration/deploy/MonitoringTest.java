package dev.murmuration.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Prometheus's configuration on Kubernetes, with its operator and without, selects the existing pods and gives them the
 * labels that rules and dashboards use.
 */
class MonitoringTest {

    private static final Manifests PRODUCTION = Manifests.of(KubernetesTest.render("production"));

    @Test
    void podMonitorsMeetThePortsOfThePodsTheyChoose() {
        for (JsonNode monitor : Repository.yaml(Repository.path("k8s/monitoring/podmonitors.yaml"))) {
            JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
            Map<String, String> labels = new TreeMap<>();
            monitor.at("/spec/selector/matchLabels")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            String name = Kustomization.nameOf(monitor);

            assertThat(chosen(labels, endpoint.get("port").asText()))
                    .as(name)
                    .hasSize(name.equals("lag") ? 1 : Service.inPipelineOrder().size())
                    .allSatisfy(template -> assertThat(template.getMetadata().getAnnotations())
                            .containsEntry(
                                    "prometheus.io/path", endpoint.get("path").asText()));
        }
    }

    /** As kubernetes_sd_configs names labels of pods: what is no letter and no digit is an underscore. */
    @ParameterizedTest
    @CsvSource({"murmuration, 5", "lag, 1"})
    void aPrometheusWithoutAnOperatorMeetsTheSamePods(String job, int pods) {
        JsonNode settings = requireNonNull(jobs("k8s/monitoring/prometheus.yml").get(job));
        Map<String, String> kept = StreamSupport.stream(
                        settings.get("relabel_configs").spliterator(), false)
                .filter(rule -> rule.path("action").asText().equals("keep"))
                .collect(Collectors.toMap(
                        rule -> rule.at("/source_labels/0").asText().replace("__meta_kubernetes_pod_", ""),
                        rule -> rule.get("regex").asText()));
        String port = kept.remove("container_port_name");
        Map<String, String> labels = kept.entrySet().stream()
                .collect(Collectors.toMap(
                        label -> label.getKey()
                                .replace("label_app_kubernetes_io_", "app.kubernetes.io/")
                                .replace("label_murmuration_dev_", "murmuration.dev/"),
                        Map.Entry::getValue));

        assertThat(chosen(labels, port)).hasSize(pods);
        JsonNode compose =
                requireNonNull(jobs("docker/prometheus/prometheus.yml").get(job));
        assertThat(settings.path("metrics_path").asText())
                .isEqualTo(compose.path("metrics_path").asText("/metrics"));
    }

    @Test
    void theOperatorGetsTheRulesAsTheyAre(@TempDir Path folder) throws IOException, InterruptedException {
        String object = run(Repository.path("k8s/monitoring/rules.sh").toString());

        JsonNode rule = Repository.yaml(Path.of(write(folder, object))).getFirst();
        assertThat(rule.get("kind").asText()).isEqualTo("PrometheusRule");
        assertThat(rule.get("spec")).isEqualTo(Rules.read().file());
    }

    private static List<PodTemplateSpec> chosen(Map<String, String> labels, String port) {
        return Stream.concat(
                        PRODUCTION
                                .all(StatefulSet.class)
                                .map(set -> set.getSpec().getTemplate()),
                        PRODUCTION
                                .all(Deployment.class)
                                .map(deployment -> deployment.getSpec().getTemplate()))
                .filter(template ->
                        template.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .filter(template -> template.getSpec().getContainers().getFirst().getPorts().stream()
                        .map(ContainerPort::getName)
                        .anyMatch(port::equals))
                .toList();
    }

    private static Map<String, JsonNode> jobs(String settings) {
        Map<String, JsonNode> jobs = new TreeMap<>();
        Repository.yaml(settings)
                .get("scrape_configs")
                .forEach(job -> jobs.put(job.get("job_name").asText(), job));
        return jobs;
    }

    private static String write(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("file.yml"), text).toString();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
