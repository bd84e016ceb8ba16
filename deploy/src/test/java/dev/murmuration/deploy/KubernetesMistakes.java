package dev.murmuration.deploy;

import static dev.murmuration.deploy.ManifestEdits.at;
import static dev.murmuration.deploy.ManifestEdits.secret;
import static dev.murmuration.deploy.ManifestEdits.setting;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Mistakes in rendered manifests, each with a part of the line that must name it and the object in which it is made;
 * {@link KubernetesTest} makes them.
 */
final class KubernetesMistakes {

    private KubernetesMistakes() {}

    static Stream<Arguments> all() {
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
                        "names nothing that exists",
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
                        "Kafka exporter: a quota rejects its pods",
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
                mistake("no stable names", "StatefulSet evaluator", secret("INSTANCE_NAME", ManifestEdits.NOWHERE)),
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
                        "may write to its image",
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
                // of the console
                mistake("console: is not deployed", "Deployment console", ObjectNode::removeAll),
                mistake(
                        "console: listens on port 8086",
                        "Deployment console",
                        at("/spec/template/spec/containers/0/ports/0", port -> port.put("containerPort", 8080))),
                mistake(
                        "console: nothing reads the variable S3_KEY",
                        "Deployment console",
                        at("/spec/template/spec/containers/0/env/0", env -> env.put("name", "S3_KEY"))),
                mistake(
                        "console: looks for filter at http://filter.murmuration.svc:8082",
                        "ConfigMap console-.*",
                        setting("filter.murmuration.svc:8083", "filter.murmuration.svc:8082")),
                mistake(
                        "user console: may do more than read",
                        "KafkaUser console",
                        at(
                                "/spec/authorization/acls/1",
                                rule -> rule.putArray("operations").add("Write"))),
                mistake("console: does not reach the services", "NetworkPolicy console", ObjectNode::removeAll),
                mistake(
                        "console: does not reach the services",
                        "NetworkPolicy asked-by-console",
                        ObjectNode::removeAll),
                mistake(
                        "a policy lets others in",
                        "NetworkPolicy console",
                        at("/spec", spec -> spec.putArray("ingress").addObject())),
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
}
