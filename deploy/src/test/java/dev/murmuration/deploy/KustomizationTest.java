package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we render is what kubectl renders. */
class KustomizationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base",
                "asleep",
                "overlays/local",
                "overlays/production",
                "overlays/gpu",
                "overlays/models",
                "overlays/epochs"
            })
    void rendersWhatKubectlRenders(String folder, @TempDir Path scratch) throws IOException, InterruptedException {
        assumeThat(ObservabilityTest.onPath("kubectl")).as("kubectl").isTrue();
        Path rendered = scratch.resolve("rendered.yaml");
        Process kubectl = new ProcessBuilder(
                        "kubectl", "kustomize", Repository.path("k8s/" + folder).toString())
                .redirectOutput(rendered.toFile())
                .redirectError(scratch.resolve("errors").toFile())
                .start();
        assertThat(kubectl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kubectl.exitValue())
                .as(() -> Repository.text(scratch.resolve("errors")))
                .isZero();
        Map<String, JsonNode> expected = byName(Repository.yaml(rendered));
        Map<String, JsonNode> ours = byName(Kustomization.render(Repository.path("k8s/" + folder)));
        assertThat(ours.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, object) -> assertThat(ours.get(name)).as(name).isEqualTo(object));
    }

    /** What is created before the first deployment, so that it does not start a pod each: all that KEDA scales, and nothing else. */
    @Test
    void whatFollowsLagIsCreatedAsleep() {
        Manifests asleep = Manifests.of(Kustomization.render(Repository.path("k8s/asleep")));
        List<String> scaled = Manifests.of(Kustomization.render(Repository.path("k8s/overlays/gpu")))
                .all(Keda.ScaledObject.class)
                .map(object -> object.spec().scaleTargetRef())
                .map(target -> target.kind() + " " + target.name())
                .toList();

        assertThat(asleep.objects()).containsOnlyKeys(scaled);
        assertThat(asleep.all(StatefulSet.class))
                .allMatch(set -> Integer.valueOf(0).equals(set.getSpec().getReplicas()));
    }

    @Test
    void refusesAFieldThatItDoesNotKnow(@TempDir Path folder) throws IOException {
        write(folder, "namePrefix: my-\n");
        assertThatThrownBy(() -> Kustomization.render(folder)).hasMessageContaining("namePrefix");
    }

    @Test
    void refusesAPatchThatMeetsNothing(@TempDir Path folder) throws IOException {
        write(folder, "patches:\n  - target: {kind: StatefulSet}\n    patch: |-\n      - {op: remove, path: /spec}\n");
        assertThatThrownBy(() -> Kustomization.render(folder)).hasMessageContaining("meets nothing");
    }

    @Test
    void refusesToReplaceWhatIsNotThere(@TempDir Path folder) throws IOException {
        write(
                folder,
                "patches:\n  - target: {kind: Namespace}\n    patch: |-\n      - {op: replace, path: /spec/replicas, value: 1}\n");
        assertThatThrownBy(() -> Kustomization.render(folder))
                .hasMessageContaining("nothing to replace at /spec/replicas");
    }

    private static void write(Path folder, String more) throws IOException {
        Files.writeString(folder.resolve("one.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: one\n");
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: one\nresources: [one.yaml]\n"
                        + more);
    }

    private static Map<String, JsonNode> byName(List<? extends JsonNode> objects) {
        Map<String, JsonNode> named = new TreeMap<>();
        objects.forEach(object -> named.put(object.get("kind").asText() + " " + Kustomization.nameOf(object), object));
        return named;
    }
}
