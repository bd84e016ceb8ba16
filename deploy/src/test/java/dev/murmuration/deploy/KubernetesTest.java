package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** k8s/ agrees with the code in every overlay, and each kind of mistake in it would be found. */
class KubernetesTest {

    static List<ObjectNode> render(String overlay) {
        return Kustomization.render(Repository.path("k8s/overlays/" + overlay));
    }

    static List<String> problems(List<ObjectNode> rendered) {
        Manifests manifests = Manifests.of(rendered);
        List<String> problems = new ArrayList<>(manifests.problems());
        if (problems.isEmpty()) {
            problems.addAll(KafkaProblems.of(manifests));
            problems.addAll(StageProblems.of(manifests));
            problems.addAll(ScalingProblems.of(manifests));
            problems.addAll(NetworkProblems.of(manifests));
            problems.addAll(ConsoleProblems.of(manifests));
        }
        return problems;
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "production", "gpu", "models", "epochs"})
    void agreesWithTheCode(String overlay) {
        assertThat(problems(render(overlay))).isEmpty();
    }

    @Test
    void modelsRunOnGpusWhereThereAreSome() {
        Manifests manifests = Manifests.of(render("gpu"));
        for (String name : Set.of("teacher", "trainer", "evaluator")) {
            var pod = manifests
                    .find(StatefulSet.class, name)
                    .orElseThrow()
                    .getSpec()
                    .getTemplate()
                    .getSpec();
            var container = pod.getContainers().getFirst();
            assertThat(container.getImage()).endsWith("-cuda");
            assertThat(container.getResources().getLimits()).containsEntry("nvidia.com/gpu", new Quantity("1"));
            assertThat(pod.getTolerations()).extracting(Toleration::getKey).contains("nvidia.com/gpu");
            assertThat(pod.getNodeSelector()).containsKey("nvidia.com/gpu.present");
            assertThat(manifests.all(ConfigMap.class))
                    .filteredOn(map -> map.getMetadata().getName().matches(name + "-\\w+"))
                    .singleElement()
                    .satisfies(map -> assertThat(map.getData().get("application.properties"))
                            .contains(name + ".device=gpu", name + ".precision=bf16"));
        }
        assertThat(manifests
                        .find(StatefulSet.class, "filter")
                        .orElseThrow()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getNodeSelector())
                .isEmpty();
    }

    /** Kubernetes lets a stateful set change neither; the second overlay would be refused over the first. */
    @Test
    void overlaysMayFollowEachOther() {
        assertThat(Stream.of("production", "gpu", "models", "epochs")
                        .map(KubernetesTest::render)
                        .map(KubernetesTest::immutable))
                .allMatch(immutable(render("local"))::equals);
    }

    /** Whoever may only read can never be given anything. */
    @Test
    void theVolumeOfModelsCanBeFilledAndReadByAllPodsOfTheTeacher() {
        Manifests manifests = Manifests.of(render("models"));
        assertThat(manifests
                        .find(PersistentVolumeClaim.class, "models")
                        .orElseThrow()
                        .getSpec()
                        .getAccessModes())
                .containsExactly("ReadWriteMany");
        JsonNode fill = Repository.yaml("k8s/overlays/models/fill.yaml");
        assertThat(fill.at("/spec/volumes/0/persistentVolumeClaim/claimName").asText())
                .isEqualTo("models");
        assertThat(fill.at("/spec/containers/0/volumeMounts/0/readOnly").asBoolean())
                .isFalse();
    }

    /** What Kubernetes refuses to change in the sets of the services. */
    static Map<String, String> immutable(List<ObjectNode> rendered) {
        Map<String, String> claims = new TreeMap<>();
        Manifests.of(rendered)
                .all(StatefulSet.class)
                .filter(set -> Topics.SERVICES.contains(set.getMetadata().getName()))
                .forEach(set -> claims.put(
                        set.getMetadata().getName(),
                        set.getSpec().getServiceName()
                                + set.getSpec().getSelector()
                                + set.getSpec().getPodManagementPolicy()
                                + set.getSpec().getVolumeClaimTemplates()));
        return claims;
    }

    @Test
    void oneNodeHasOneCopyOfEverything() {
        Manifests manifests = Manifests.of(render("local"));
        assertThat(manifests.objects())
                .doesNotContainKey("KafkaNodePool controller")
                .containsKey("StatefulSet store");
        assertThat(manifests.configuration("filter").get("application.properties"))
                .contains("filter.replication-factor=1");
    }

    @Test
    void prepareMeetsThePlatformThatTheServicesMeet() {
        var prepare = Manifests.of(render("production"))
                .find(io.fabric8.kubernetes.api.model.batch.v1.Job.class, "prepare")
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
        assertThat(prepare.getEnvFrom().getFirst().getConfigMapRef().getName()).startsWith("platform-");
        assertThat(prepare.getEnv())
                .anyMatch(variable -> variable.getName().equals("PLATFORM_TOPICS")
                        && variable.getValue().equals("await"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.murmuration.deploy.KubernetesMistakes#all")
    void findsAMistake(String expected, String object, Consumer<ObjectNode> mistake) {
        // The largest: it has all that the others have.
        assertThat(problems(ManifestEdits.changed(render("epochs"), object, mistake)))
                .anyMatch(problem -> problem.contains(expected));
    }
}
