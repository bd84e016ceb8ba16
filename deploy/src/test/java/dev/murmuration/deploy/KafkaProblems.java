package dev.murmuration.deploy;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListener;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.nodepool.ProcessRoles;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.topic.KafkaTopicSpec;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with the cluster, its topics and its users, against {@link Topics} and the channels of the services. */
final class KafkaProblems {

    private static final String CLUSTER = "strimzi.io/cluster";
    private static final String OF_THE_REGISTRY = "registry-events";
    private static final String OF_REDACT = "redact";

    private final Manifests manifests;
    private final List<String> problems = new ArrayList<>();

    private KafkaProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        KafkaProblems found = new KafkaProblems(manifests);
        found.cluster();
        found.resources();
        found.topics();
        found.users();
        return found.problems;
    }

    private void cluster() {
        Kafka kafka = manifests.all(Kafka.class).findFirst().orElseThrow();
        GenericKafkaListener listener =
                kafka.getSpec().getKafka().getListeners().getFirst();
        String address = "%s-kafka-bootstrap.%s.svc:%d"
                .formatted(kafka.getMetadata().getName(), kafka.getMetadata().getNamespace(), listener.getPort());
        Set<String> told = Stream.of(
                        Stream.of(String.valueOf(manifests.platform().get("KAFKA_BOOTSTRAP_SERVERS"))),
                        Stream.concat(
                                        manifests
                                                .all(Keda.ScaledObject.class)
                                                .map(scaled -> scaled.spec().triggers()),
                                        manifests
                                                .all(Keda.ScaledJob.class)
                                                .map(scaled -> scaled.spec().triggers()))
                                .flatMap(List::stream)
                                .map(trigger ->
                                        String.valueOf(trigger.metadata().get("bootstrapServers"))))
                .flatMap(each -> each)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!told.equals(Set.of(address))) {
            problems.add("Kafka is at %s, and is looked for at %s".formatted(address, told));
        }
        if (!listener.isTls() || listener.getAuth() == null) {
            problems.add("Kafka lets clients in without TLS");
        }
        Stream.of(manifests.all(KafkaTopic.class), manifests.all(KafkaUser.class), manifests.all(KafkaNodePool.class))
                .flatMap(each -> each)
                .map(each -> (io.fabric8.kubernetes.api.model.HasMetadata) each)
                .filter(each -> !kafka.getMetadata()
                        .getName()
                        .equals(each.getMetadata().getLabels().get(CLUSTER)))
                .forEach(each -> problems.add("%s %s: belongs to no cluster"
                        .formatted(each.getKind(), each.getMetadata().getName())));
        copies(kafka);
    }

    private void copies(Kafka kafka) {
        int brokers = manifests
                .all(KafkaNodePool.class)
                .filter(pool -> pool.getSpec().getRoles().contains(ProcessRoles.BROKER))
                .mapToInt(pool -> pool.getSpec().getReplicas())
                .sum();
        manifests
                .all(KafkaTopic.class)
                .map(KafkaTopic::getSpec)
                .filter(topic -> topic.getReplicas() > brokers
                        || number(topic.getConfig(), "min.insync.replicas") > topic.getReplicas())
                .findFirst()
                .ifPresent(topic -> problems.add("topics have %d copies, %s of them in step, on %d brokers"
                        .formatted(topic.getReplicas(), topic.getConfig().get("min.insync.replicas"), brokers)));
        kafka.getSpec().getKafka().getConfig().forEach((name, value) -> {
            if (name.endsWith("replication.factor") && Integer.parseInt(value.toString()) > brokers) {
                problems.add("%s=%s with %d brokers".formatted(name, value, brokers));
            }
        });
        if (!Boolean.FALSE.equals(kafka.getSpec().getKafka().getConfig().get("auto.create.topics.enable"))) {
            problems.add("topics are made by writing to them");
        }
    }

    /** A quota takes only pods that state their resources; what else a pod of Strimzi's needs, the API server says. */
    private void resources() {
        Kafka kafka = manifests.all(Kafka.class).findFirst().orElseThrow();
        manifests
                .all(KafkaNodePool.class)
                .forEach(pool -> resources(
                        "node pool " + pool.getMetadata().getName(),
                        pool.getSpec().getResources()));
        var operators = kafka.getSpec().getEntityOperator();
        resources("topic operator", operators.getTopicOperator().getResources());
        resources("user operator", operators.getUserOperator().getResources());
        resources("Kafka exporter", kafka.getSpec().getKafkaExporter().getResources());
    }

    private void resources(String name, @Nullable ResourceRequirements resources) {
        if (resources == null
                || !resources.getRequests().keySet().equals(Set.of("cpu", "memory"))
                || !resources.getLimits().keySet().equals(Set.of("cpu", "memory"))) {
            problems.add(name + ": a quota rejects its pods, which do not state their resources");
        }
    }

    private void topics() {
        Set<String> wanted = Topics.ALL.stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> there = manifests
                .all(KafkaTopic.class)
                .map(topic -> topic.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!there.equals(wanted)) {
            problems.add("topics are %s and not %s".formatted(there, wanted));
        }
        Set<Integer> partitions = new TreeSet<>();
        for (Topic topic : Topics.ALL) {
            manifests
                    .find(KafkaTopic.class, topic.name())
                    .map(KafkaTopic::getSpec)
                    .ifPresent(spec -> {
                        policy(topic, spec);
                        if (topic.partitioned()) {
                            partitions.add(spec.getPartitions());
                        } else if (spec.getPartitions() != 1) {
                            problems.add(
                                    "%s: has %d partitions and not one".formatted(topic.name(), spec.getPartitions()));
                        }
                    });
        }
        if (partitions.size() > 1) {
            problems.add("the partitioned topics differ: " + partitions);
        }
    }

    private void policy(Topic topic, KafkaTopicSpec spec) {
        topic.policy().config().forEach((name, value) -> {
            Object is = spec.getConfig().get(name);
            if (!value.equals(String.valueOf(is))) {
                problems.add("%s: %s is %s and not %s".formatted(topic.name(), name, is, value));
            }
        });
        if (topic.policy() == Topic.Policy.DELETE && number(spec.getConfig(), "retention.ms") <= 0) {
            problems.add(topic.name() + ": keeps its records for ever");
        }
    }

    /** No rule for a name that does not exist; that none is missing, the broker says. */
    private void users() {
        Set<String> topics = Stream.concat(Topics.ALL.stream().map(Topic::name), Stream.of(OF_THE_REGISTRY))
                .collect(Collectors.toSet());
        Set<String> groups = Stream.concat(
                        Service.inPipelineOrder().stream().flatMap(service -> service.reads().keySet().stream()),
                        Stream.of(OF_REDACT))
                .collect(Collectors.toSet());
        manifests
                .all(KafkaUser.class)
                .forEach(user -> rules(user).forEach(rule -> {
                    boolean known =
                            switch (rule.getResource()) {
                                case AclRuleTopicResource topic ->
                                    topic.getPatternType() == AclResourcePatternType.PREFIX
                                            || topic.getName().equals("*")
                                            || topics.contains(topic.getName());
                                case AclRuleGroupResource group ->
                                    group.getPatternType() == AclResourcePatternType.PREFIX
                                            || group.getName().equals("*")
                                            || groups.contains(group.getName());
                                default -> true;
                            };
                    if (!known) {
                        problems.add("user %s: %s names nothing that exists"
                                .formatted(user.getMetadata().getName(), rule.getResource()));
                    }
                }));
    }

    private static List<AclRule> rules(KafkaUser user) {
        return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
    }

    private static long number(Map<String, Object> config, String name) {
        return Long.parseLong(config.getOrDefault(name, 0).toString());
    }
}
