package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** k8s/ agrees with the code in every overlay, and each kind of mistake in it would be found. */
class KubernetesTest {

    private static final String ANY = "";

    private static List<ObjectNode> render(String overlay) {
        return Kustomization.render(Repository.path("k8s/overlays/" + overlay));
    }

    private static List<String> problems(List<ObjectNode> rendered) {
        Manifests manifests = Manifests.of(rendered);
        List<String> problems = new ArrayList<>(manifests.problems());
        if (problems.isEmpty()) {
            problems.addAll(KafkaProblems.of(manifests));
            problems.addAll(StageProblems.of(manifests));
            problems.addAll(ScalingProblems.of(manifests));
            problems.addAll(NetworkProblems.of(manifests));
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
        assertThat(Stream.of("production", "gpu", "models", "epochs").map(KubernetesTest::claims))
                .allMatch(claims("local")::equals);
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

    private static Map<String, String> claims(String overlay) {
        Map<String, String> claims = new TreeMap<>();
        Manifests.of(render(overlay))
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
    void podMonitorsMeetThePortsOfThePodsTheyChoose() {
        Manifests manifests = Manifests.of(render("production"));
        for (JsonNode monitor : Repository.yaml(Repository.path("k8s/monitoring/podmonitors.yaml"))) {
            JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
            List<PodTemplateSpec> chosen = Stream.concat(
                            manifests
                                    .all(StatefulSet.class)
                                    .map(set -> set.getSpec().getTemplate()),
                            manifests
                                    .all(Deployment.class)
                                    .map(deployment -> deployment.getSpec().getTemplate()))
                    .filter(template -> monitor.at("/spec/selector/matchLabels").properties().stream()
                            .allMatch(label -> label.getValue()
                                    .asText()
                                    .equals(template.getMetadata().getLabels().get(label.getKey()))))
                    .toList();
            assertThat(chosen)
                    .as(Kustomization.nameOf(monitor))
                    .hasSize(Kustomization.nameOf(monitor).equals("lag") ? 1 : Topics.SERVICES.size())
                    .allSatisfy(template -> {
                        assertThat(template.getSpec().getContainers().getFirst().getPorts())
                                .extracting(ContainerPort::getName)
                                .contains(endpoint.get("port").asText());
                        assertThat(template.getMetadata().getAnnotations())
                                .containsEntry(
                                        "prometheus.io/path",
                                        endpoint.get("path").asText());
                    });
        }
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
    @MethodSource("mistakes")
    void findsAMistake(String expected, String object, Consumer<ObjectNode> mistake) {
        // The largest: it has all that the others have.
        List<ObjectNode> rendered = new ArrayList<>(render("epochs"));
        ObjectNode chosen = rendered.stream()
                .filter(each -> (each.get("kind").asText() + " " + Kustomization.nameOf(each)).matches(object))
                .findFirst()
                .orElseThrow();
        mistake.accept(chosen);
        if (chosen.isEmpty()) {
            rendered.remove(chosen);
        }
        assertThat(problems(rendered)).anyMatch(problem -> problem.contains(expected));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                // of the types
                mistake("does not parse", "StatefulSet teacher", at("/spec", spec -> spec.put("replica", 2))),
                mistake(
                        "does not parse",
                        "StatefulSet teacher",
                        at("/spec/template/spec/containers/0/livenessProbe", probe -> probe.put("periodSecond", 2))),
                mistake("does not parse", "Kafka murmuration", at("/spec/kafka", kafka -> kafka.put("listener", "x"))),
                mistake("does not parse", "KafkaTopic tweets", at("/spec", spec -> spec.put("partition", 3))),
                mistake(
                        "does not parse",
                        "KafkaUser teacher",
                        at("/spec/authentication", spec -> spec.put("type", "password"))),
                mistake("does not parse", "ScaledObject teacher", at("/spec", spec -> spec.put("maxReplicas", 3))),
                mistake("does not parse", "NetworkPolicy metrics", at("/spec", spec -> spec.put("ingres", "x"))),
                mistake(
                        "is of kafka.strimzi.io/v1beta2",
                        "KafkaTopic tweets",
                        topic -> topic.put("apiVersion", "kafka.strimzi.io/v1beta2")),
                mistake("no such kind", "Service teacher", object -> object.put("kind", "Servce")),
                // of topics and users
                mistake("topics are", "KafkaTopic tweets", at("/metadata", metadata -> metadata.put("name", "twets"))),
                mistake("topics are", "KafkaTopic shards", ObjectNode::removeAll),
                mistake(
                        "cleanup.policy is delete",
                        "KafkaTopic tweets",
                        at("/spec/config", config -> config.put("cleanup.policy", "delete"))),
                mistake(
                        "retention.ms is 604800000",
                        "KafkaTopic shards",
                        at("/spec/config", config -> config.put("retention.ms", 604800000))),
                mistake(
                        "has 12 partitions and not one",
                        "KafkaTopic shards",
                        at("/spec", spec -> spec.put("partitions", 12))),
                mistake(
                        "the partitioned topics differ",
                        "KafkaTopic tweets",
                        at("/spec", spec -> spec.put("partitions", 6))),
                mistake("copies", "KafkaTopic tweets", at("/spec", spec -> spec.put("replicas", 5))),
                mistake(
                        "belongs to no cluster",
                        "KafkaUser filter",
                        at("/metadata/labels", labels -> labels.put("strimzi.io/cluster", "other"))),
                mistake(
                        "may not WRITE scored-tweets",
                        "KafkaUser teacher",
                        without("/spec/authorization/acls", "scored-tweets")),
                mistake(
                        "may not READ shard-packer",
                        "KafkaUser filter",
                        without("/spec/authorization/acls", "shard-packer")),
                mistake(
                        "nothing is called twets",
                        "KafkaUser teacher",
                        at("/spec/authorization/acls/1/resource", resource -> resource.put("name", "twets"))),
                mistake(
                        "without TLS",
                        "Kafka murmuration",
                        at("/spec/kafka/listeners/0", listener -> listener.put("tls", false))),
                mistake(
                        "is looked for at",
                        "Kafka murmuration",
                        at("/spec/kafka/listeners/0", listener -> listener.put("port", 9094))),
                mistake(
                        "may not CREATE registry-events",
                        "KafkaUser registry",
                        without("/spec/authorization/acls", "registry-events")),
                mistake(
                        "node pool controller: the namespace refuses its pods",
                        "KafkaNodePool controller",
                        at("/spec", spec -> spec.remove("template"))),
                mistake(
                        "node pool broker: the namespace refuses its pods",
                        "KafkaNodePool broker",
                        at(
                                "/spec/template/kafkaContainer/securityContext",
                                context -> context.remove("seccompProfile"))),
                mistake(
                        "user operator: the namespace refuses its pods",
                        "Kafka murmuration",
                        at("/spec/entityOperator/template", template -> template.remove("userOperatorContainer"))),
                mistake(
                        "Kafka exporter: a quota refuses its pods",
                        "Kafka murmuration",
                        at("/spec/kafkaExporter", exporter -> exporter.remove("resources"))),
                // of pods
                mistake("is not deployed", "StatefulSet trainer", ObjectNode::removeAll),
                mistake(
                        "prepare: nothing reads the variable PLATFORM_TOPIC",
                        "Job prepare",
                        at("/spec/template/spec/containers/0/env/0", env -> env.put("name", "PLATFORM_TOPIC"))),
                mistake(
                        "lag-exporter: lacks a probe",
                        "Deployment lag-exporter",
                        at("/spec/template/spec/containers/0", container -> container.remove("livenessProbe"))),
                mistake(
                        "listens on port 8083",
                        "StatefulSet filter",
                        at("/spec/template/spec/containers/0/ports/0", port -> port.put("containerPort", 8080))),
                mistake("listens on port 8083", "Service filter", at("/spec/ports/0", port -> port.put("port", 8080))),
                mistake(
                        "asked at the wrong place",
                        "StatefulSet crawler",
                        at(
                                "/spec/template/spec/containers/0/livenessProbe/httpGet",
                                get -> get.put("path", "/health"))),
                mistake(
                        "lacks a probe",
                        "StatefulSet crawler",
                        at("/spec/template/spec/containers/0", container -> container.remove("startupProbe"))),
                mistake(
                        "there is no setting teacher.modl",
                        "ConfigMap teacher-.*",
                        setting("teacher.model=", "teacher.modl=")),
                mistake(
                        "there is no setting filter.state",
                        "ConfigMap filter-.*",
                        setting("filter.state-dir=", "filter.state=")),
                mistake(
                        "nothing reads the variable S3_URL",
                        "ConfigMap platform-.*",
                        at("/data", data -> data.put("S3_URL", "x"))),
                mistake(
                        "there is no config map",
                        "ConfigMap crawler-.*",
                        at("/metadata", metadata -> metadata.put("name", "crawler"))),
                mistake(
                        "nobody makes the secret store with key",
                        "StatefulSet crawler",
                        secret("S3_SECRET_KEY", "key")),
                mistake("no stable names", "StatefulSet evaluator", secret("INSTANCE_NAME", ANY)),
                mistake(
                        "lies on no volume",
                        "StatefulSet trainer",
                        at("/spec/template/spec/containers/0", container -> container.remove("volumeMounts"))),
                mistake(
                        "is killed after 60 s",
                        "StatefulSet trainer",
                        at("/spec/template/spec", pod -> pod.put("terminationGracePeriodSeconds", 60))),
                mistake("no disruption budget", "PodDisruptionBudget filter", ObjectNode::removeAll),
                mistake(
                        "restricted profile",
                        "StatefulSet teacher",
                        at(
                                "/spec/template/spec/containers/0/securityContext",
                                context -> context.put("readOnlyRootFilesystem", false))),
                mistake(
                        "without a token",
                        "StatefulSet teacher",
                        at("/spec/template/spec", pod -> pod.put("automountServiceAccountToken", true))),
                mistake(
                        "takes those for settings",
                        "StatefulSet teacher",
                        at("/spec/template/spec", pod -> pod.remove("enableServiceLinks"))),
                mistake(
                        "is not pinned",
                        "StatefulSet teacher",
                        at(
                                "/spec/template/spec/containers/0",
                                container -> container.put("image", "murmuration/teacher:latest"))),
                mistake(
                        "must be the same",
                        "Deployment registry",
                        at(
                                "/spec/template/spec/containers/0/resources/requests",
                                requests -> requests.put("memory", "1Mi"))),
                mistake(
                        "is tested with",
                        "Deployment registry",
                        at(
                                "/spec/template/spec/containers/0",
                                container -> container.put("image", "quay.io/apicurio/apicurio-registry:3.0.0"))),
                mistake(
                        "all be on one node",
                        "StatefulSet filter",
                        at("/spec/template/spec", pod -> pod.remove("topologySpreadConstraints"))),
                // of scaling
                mistake(
                        "never starts",
                        "ScaledObject teacher",
                        at("/spec/triggers/0/metadata", trigger -> trigger.remove("topic"))),
                mistake(
                        "does not read",
                        "ScaledObject trainer",
                        at("/spec/triggers/0/metadata", trigger -> trigger.put("topic", "tweets"))),
                mistake(
                        "does not read",
                        "ScaledObject trainer",
                        at("/spec/triggers/0/metadata", trigger -> trigger.put("consumerGroup", "trainers"))),
                mistake(
                        "alone would wake it",
                        "ScaledObject teacher",
                        at("/spec/triggers/0/metadata", trigger -> trigger.put("activationLagThreshold", "3"))),
                mistake(
                        "the trigger knows no lagTreshold",
                        "ScaledObject teacher",
                        at("/spec/triggers/0/metadata", trigger -> trigger.put("lagTreshold", "3"))),
                mistake(
                        "pods for 12 partitions",
                        "ScaledObject teacher",
                        at("/spec", spec -> spec.put("maxReplicaCount", 20))),
                mistake(
                        "how long to wait",
                        "ScaledObject evaluator",
                        at("/spec", spec -> spec.put("minReplicaCount", 1))),
                mistake("cannot be seen", "ScaledObject evaluator", at("/spec", spec -> spec.remove("fallback"))),
                mistake("back to 3", "StatefulSet teacher", at("/spec", spec -> spec.put("replicas", 3))),
                mistake("if and only if", "ScaledObject trainer", ObjectNode::removeAll),
                mistake("no user to ask", "KafkaUser keda", ObjectNode::removeAll),
                // of jobs
                mistake("does not parse", "ScaledJob trainer-epochs", at("/spec", spec -> spec.put("maxReplicas", 3))),
                mistake(
                        "does not parse",
                        "ScaledJob trainer-epochs",
                        at("/spec/jobTargetRef", job -> job.put("backofLimit", 3))),
                mistake(
                        "which no job commits",
                        "ScaledJob trainer-epochs",
                        at("/spec/triggers/0/metadata", trigger -> trigger.put("consumerGroup", "trainer"))),
                mistake(
                        "which no job commits",
                        "ConfigMap trainer-epochs-.*",
                        setting("trainer.epochs.group=", "trainer.epochs.head-first=")),
                mistake(
                        "there is no setting trainer.epochs.groups",
                        "ConfigMap trainer-epochs-.*",
                        setting("trainer.epochs.group=", "trainer.epochs.groups=")),
                mistake(
                        "has no end",
                        "ConfigMap trainer-epochs-.*",
                        setting("trainer.mode=epochs", "trainer.mode=stream")),
                mistake(
                        "fail or hang for ever",
                        "ScaledJob trainer-epochs",
                        at("/spec/jobTargetRef", job -> job.remove("activeDeadlineSeconds"))),
                mistake(
                        "whose run it goes on with",
                        "ScaledJob trainer-epochs",
                        at(
                                "/spec/jobTargetRef/template/spec/containers/0/env/1/valueFrom/fieldRef",
                                field -> field.put("fieldPath", "metadata.name"))),
                mistake(
                        "would belong to the set",
                        "ScaledJob trainer-epochs",
                        at(
                                "/spec/jobTargetRef/template/metadata/labels",
                                labels -> labels.put("app.kubernetes.io/name", "trainer"))),
                mistake(
                        "may not READ trainer-epochs",
                        "KafkaUser trainer",
                        without("/spec/authorization/acls", "trainer")),
                // of the network
                mistake("is not denied", "NetworkPolicy default-deny", ObjectNode::removeAll),
                mistake(
                        "not the crawler",
                        "NetworkPolicy platform-clients",
                        at("/spec/egress/0", egress -> egress.remove("to"))),
                mistake(
                        "private addresses",
                        "NetworkPolicy crawler-egress",
                        at("/spec/egress/0/to/0/ipBlock", block -> ((ArrayNode) block.get("except")).remove(1))),
                mistake(
                        "the crawler's alone",
                        "NetworkPolicy crawler-egress",
                        at("/spec", spec -> spec.putObject("podSelector"))),
                mistake(
                        "meets no pod",
                        "NetworkPolicy registry",
                        at("/spec/podSelector/matchLabels", labels -> labels.put("app.kubernetes.io/name", "regstry"))),
                mistake(
                        "reaches neither",
                        "StatefulSet teacher",
                        at("/spec/template/metadata/labels", labels -> labels.remove("murmuration.dev/kafka-client"))),
                mistake(
                        "the ports of the services",
                        "NetworkPolicy metrics",
                        at("/spec/ingress/0/ports/0", port -> port.put("endPort", 8083))),
                mistake(
                        "than the listener's",
                        "NetworkPolicy kafka-clients",
                        at("/spec/egress/0/ports/0", port -> port.put("port", 9092))));
    }

    private static Arguments mistake(String expected, String object, Consumer<ObjectNode> mistake) {
        return Arguments.of(expected, object, mistake);
    }

    private static Consumer<ObjectNode> at(String pointer, Consumer<ObjectNode> change) {
        return object -> change.accept((ObjectNode) object.at(pointer));
    }

    private static Consumer<ObjectNode> without(String pointer, String name) {
        return object -> {
            ArrayNode list = (ArrayNode) object.at(pointer);
            list.removeIf(rule -> rule.at("/resource/name").asText().equals(name));
        };
    }

    private static Consumer<ObjectNode> setting(String now, String then) {
        return at(
                "/data",
                data -> data.put(
                        "application.properties",
                        data.get("application.properties").asText().replace(now, then)));
    }

    /** Lets a variable of the container come from another key of its secret, or from nowhere. */
    private static Consumer<ObjectNode> secret(String variable, String key) {
        return object -> {
            for (JsonNode each : object.at("/spec/template/spec/containers/0/env")) {
                if (each.get("name").asText().equals(variable)) {
                    if (key.equals(ANY)) {
                        ((ObjectNode) each).remove("valueFrom");
                    } else {
                        ((ObjectNode) Objects.requireNonNull(each.at("/valueFrom/secretKeyRef"))).put("key", key);
                    }
                }
            }
        };
    }
}
