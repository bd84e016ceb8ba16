package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nine faults kept Compose and Kubernetes from coming up, and no test saw them. Here each is put back into what is deployed, and
 * a check that takes no more than a second must name it; deploy/README.md numbers them. {@link NativeLibrariesTest} puts back
 * those of libraries (1 and 5) by running what the images run, and {@code verify-deploy planted} puts back those that a running
 * program refuses.
 */
class PlantedFaultsTest {

    @ParameterizedTest(name = "fault {0}: {1}")
    @MethodSource
    void ofAnImage(String fault, String named, UnaryOperator<String> plant) {
        String dockerfile = Repository.text("docker/Dockerfile");
        assertThat(DockerfileProblems.of(dockerfile)).isEmpty();

        found(fault, named, DockerfileProblems.of(plant.apply(dockerfile)));
    }

    static Stream<Arguments> ofAnImage() {
        String user = "USER 10001:10001\n";
        return Stream.of(
                image(
                        "1",
                        "the libraries are tried by another user",
                        text -> text.replace(user, "").replace("HEALTHCHECK", user + "HEALTHCHECK")),
                image("1", "nobody tries the libraries", text -> text.replace("NativeLibraries check", "-version")));
    }

    @ParameterizedTest(name = "fault {0}: {1}")
    @MethodSource
    void ofTheComposeFile(String fault, String named, Consumer<ObjectNode> plant) {
        Set<String> example = Repository.properties(".env.example").stringPropertyNames();
        JsonNode file = Repository.yaml("docker-compose.yml");
        assertThat(ComposeProblems.of(file, example)).isEmpty();

        plant.accept((ObjectNode) file.get("services"));

        found(fault, named, ComposeProblems.of(file, example));
    }

    static Stream<Arguments> ofTheComposeFile() {
        return Stream.of(
                compose(
                        "2",
                        "filter: cannot load from /tmp:size=256m,mode=1777",
                        services -> temporary(services, "filter")),
                compose("2", "crawler: cannot load from", services -> temporary(services, "crawler")),
                compose(
                        "6",
                        "trainer: an engine on a host of two processors refuses",
                        services -> ((ObjectNode) services.at("/trainer/deploy/resources/limits")).put("cpus", "4")));
    }

    private static void temporary(ObjectNode services, String service) {
        ((ObjectNode) services.get(service)).putArray("tmpfs").add("/tmp:size=256m,mode=1777");
    }

    /** 7: another size of a claim in one of them. */
    @Test
    void ofOverlaysThatCannotFollowEachOther() {
        List<ObjectNode> planted = ManifestEdits.changed(
                KubernetesTest.render("gpu"),
                "StatefulSet trainer",
                ManifestEdits.at(
                        "/spec/volumeClaimTemplates/0/spec/resources/requests",
                        requests -> requests.put("storage", "200Gi")));

        Map<String, String> before = KubernetesTest.immutable(KubernetesTest.render("production"));
        assertThat(KubernetesTest.immutable(KubernetesTest.render("gpu"))).isEqualTo(before);
        found(
                "7",
                "200Gi",
                KubernetesTest.immutable(planted).values().stream()
                        .filter(immutable -> !before.containsValue(immutable))
                        .toList());
    }

    /** Without the rule, and with the one that looked for what never comes; Prometheus's own tests must fail. */
    @ParameterizedTest(name = "fault {0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "8; ScalingBlind; keda_scaled_object_errors_total; keda_scaled_object_fallbacks_total",
                "9; GroupStandsStill; |apicurio-.*; ''"
            })
    void ofARule(String fault, String named, String now, String then, @TempDir Path folder)
            throws IOException, InterruptedException {
        assumeThat(ObservabilityTest.onPath("promtool"))
                .as("promtool, of Debian's package prometheus")
                .isTrue();
        String rules = Repository.text(Rules.PATH);
        assertThat(rules).contains(now);
        Path tests = folder.resolve("murmuration.test.yml");
        Files.createDirectories(folder.resolve("rules"));
        Files.copy(Repository.path("docker/prometheus/murmuration.test.yml"), tests);

        Files.writeString(folder.resolve("rules/murmuration.yml"), rules);
        assertThat(promtool(tests)).doesNotContain("FAILED");
        Files.writeString(folder.resolve("rules/murmuration.yml"), rules.replace(now, then));
        String said = promtool(tests);
        assertThat(said).contains("FAILED");
        found(
                fault,
                named,
                said.lines().filter(line -> line.contains("alertname")).toList());
    }

    private static String promtool(Path tests) throws IOException {
        Process promtool = new ProcessBuilder("promtool", "test", "rules", tests.toString())
                .redirectErrorStream(true)
                .start();
        return new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Of nothing else than the fault. */
    private static void found(String fault, String named, List<String> problems) {
        assertThat(problems).isNotEmpty().allMatch(problem -> problem.contains(named));
        problems.forEach(problem -> System.out.printf("fault %s: %s%n", fault, problem));
    }

    private static Arguments image(String fault, String named, UnaryOperator<String> plant) {
        return Arguments.of(fault, named, plant);
    }

    private static Arguments compose(String fault, String named, Consumer<ObjectNode> plant) {
        return Arguments.of(fault, named, plant);
    }
}
