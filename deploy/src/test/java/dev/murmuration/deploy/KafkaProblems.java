package dev.murmuration.deploy;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.strimzi.api.kafka.model.common.template.ContainerTemplate;
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
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with the cluster, its topics and its users, against {@link Topics} and the channels of the services. */
final class KafkaProblems {

    private static final String CLUSTER = "strimzi.io/cluster";
    private static final String OF_THE_REGISTRY = "registry-events";

    private final Manifests manifests;
    private final List<String> problems = new ArrayList<>();

    private KafkaProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        KafkaProblems found = new KafkaProblems(manifests);
        found.cluster();
        found.pods();
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

    /**
     * The namespace takes restricted pods only, and Strimzi's containers are not unless they are told so; a quota takes only pods
     * that say what they need.
     */
    private void pods() {
        Kafka kafka = manifests.all(Kafka.class).findFirst().orElseThrow();
        manifests.all(KafkaNodePool.class).forEach(pool -> {
            String name = "node pool " + pool.getMetadata().getName();
            var template = pool.getSpec().getTemplate();
            container(
                    name,
                    template == null ? null : template.getKafkaContainer(),
                    pool.getSpec().getResources());
        });
        var operators = kafka.getSpec().getEntityOperator();
        var ofOperators = operators.getTemplate();
        container(
                "topic operator",
                ofOperators == null ? null : ofOperators.getTopicOperatorContainer(),
                operators.getTopicOperator().getResources());
        container(
                "user operator",
                ofOperators == null ? null : ofOperators.getUserOperatorContainer(),
                operators.getUserOperator().getResources());
        var exporter = kafka.getSpec().getKafkaExporter();
        container(
                "Kafka exporter",
                exporter.getTemplate() == null ? null : exporter.getTemplate().getContainer(),
                exporter.getResources());
    }

    private void container(
            String name, @Nullable ContainerTemplate template, @Nullable ResourceRequirements resources) {
        SecurityContext context = template == null ? null : template.getSecurityContext();
        if (context == null
                || !Boolean.TRUE.equals(context.getRunAsNonRoot())
                || !Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())
                || context.getCapabilities() == null
                || !List.of("ALL").equals(context.getCapabilities().getDrop())
                || context.getSeccompProfile() == null) {
            problems.add(name + ": the namespace refuses its pods, which are not restricted");
        }
        if (resources == null
                || !resources.getRequests().keySet().equals(Set.of("cpu", "memory"))
                || !resources.getLimits().keySet().equals(Set.of("cpu", "memory"))) {
            problems.add(name + ": a quota refuses its pods, which say not what they need");
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

    private void users() {
        Set<String> topics = Stream.concat(Topics.ALL.stream().map(Topic::name), Stream.of(OF_THE_REGISTRY))
                .collect(Collectors.toSet());
        Set<String> groups = Service.inPipelineOrder().stream()
                .flatMap(service -> service.reads().keySet().stream())
                .collect(Collectors.toSet());
        manifests
                .all(KafkaUser.class)
                .forEach(user -> rules(user).forEach(rule -> {
                    String name = name(rule.getResource());
                    boolean literal =
                            pattern(rule.getResource()) == AclResourcePatternType.LITERAL && !name.equals("*");
                    boolean known =
                            switch (rule.getResource()) {
                                case AclRuleTopicResource topic -> !literal || topics.contains(name);
                                case AclRuleGroupResource group -> !literal || groups.contains(name);
                                default -> true;
                            };
                    if (!known) {
                        problems.add("user %s: nothing is called %s"
                                .formatted(user.getMetadata().getName(), name));
                    }
                }));
        registry();
        console(groups);
        for (Service service : Service.inPipelineOrder()) {
            List<AclRule> rules = manifests
                    .find(KafkaUser.class, service.name())
                    .map(KafkaProblems::rules)
                    .orElse(List.of());
            service.reads().forEach((group, read) -> {
                require(service, rules, AclRuleGroupResource.class, group, StrimziAclOperation.READ);
                read.forEach(
                        topic -> require(service, rules, AclRuleTopicResource.class, topic, StrimziAclOperation.READ));
            });
            manifests
                    .all(Keda.ScaledJob.class)
                    .filter(job -> service.equals(Service.ofJob(job)))
                    .flatMap(job -> job.spec().triggers().stream())
                    .forEach(trigger -> require(
                            service,
                            rules,
                            AclRuleGroupResource.class,
                            String.valueOf(trigger.metadata().get("consumerGroup")),
                            StrimziAclOperation.READ));
            service.writes()
                    .forEach(topic ->
                            require(service, rules, AclRuleTopicResource.class, topic, StrimziAclOperation.WRITE));
            require(
                    service,
                    rules,
                    AclRuleTopicResource.class,
                    Topics.deadLetters(service.name()).name(),
                    StrimziAclOperation.WRITE);
            Topics.ALL.forEach(topic ->
                    require(service, rules, AclRuleTopicResource.class, topic.name(), StrimziAclOperation.DESCRIBE));
            require(
                    service,
                    rules,
                    AclRuleTransactionalIdResource.class,
                    service.name() + (service.name().equals("crawler") ? ".x" : "-0"),
                    StrimziAclOperation.WRITE);
        }
    }

    /** What Apicurio Registry does at its start, with the names that its settings have unless told otherwise. */
    private void registry() {
        List<AclRule> rules = manifests
                .find(KafkaUser.class, "registry")
                .map(KafkaProblems::rules)
                .orElse(List.of());
        for (String topic : List.of("kafkasql-journal", "kafkasql-snapshots", OF_THE_REGISTRY)) {
            for (StrimziAclOperation operation : List.of(
                    StrimziAclOperation.CREATE,
                    StrimziAclOperation.DESCRIBE,
                    StrimziAclOperation.DESCRIBECONFIGS,
                    StrimziAclOperation.WRITE)) {
                require("registry", rules, AclRuleTopicResource.class, topic, operation);
            }
        }
    }

    /** It reads what the pipeline wrote, all but the crawler's own bookkeeping, and where the groups stand. */
    private void console(Set<String> groups) {
        List<AclRule> rules = manifests
                .find(KafkaUser.class, Service.CONSOLE)
                .map(KafkaProblems::rules)
                .orElse(List.of());
        Topics.ALL.stream()
                .filter(topic -> !topic.equals(Topics.CRAWLER_CURSORS))
                .forEach(topic -> require(
                        Service.CONSOLE, rules, AclRuleTopicResource.class, topic.name(), StrimziAclOperation.READ));
        groups.forEach(group ->
                require(Service.CONSOLE, rules, AclRuleGroupResource.class, group, StrimziAclOperation.DESCRIBE));
    }

    private void require(
            Service service,
            List<AclRule> rules,
            Class<? extends AclRuleResource> kind,
            String name,
            StrimziAclOperation operation) {
        require(service.name(), rules, kind, name, operation);
    }

    private void require(
            String user,
            List<AclRule> rules,
            Class<? extends AclRuleResource> kind,
            String name,
            StrimziAclOperation operation) {
        boolean allowed = rules.stream()
                .filter(rule -> kind.isInstance(rule.getResource()))
                .filter(rule -> rule.getOperations().contains(operation))
                .map(AclRule::getResource)
                .anyMatch(resource -> pattern(resource) == AclResourcePatternType.PREFIX
                        ? name.startsWith(name(resource))
                        : name(resource).equals("*") || name(resource).equals(name));
        if (!allowed) {
            problems.add("user %s: may not %s %s".formatted(user, operation, name));
        }
    }

    private static List<AclRule> rules(KafkaUser user) {
        return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
    }

    private static String name(AclRuleResource resource) {
        return switch (resource) {
            case AclRuleTopicResource topic -> topic.getName();
            case AclRuleGroupResource group -> group.getName();
            case AclRuleTransactionalIdResource id -> id.getName();
            default -> "";
        };
    }

    private static AclResourcePatternType pattern(AclRuleResource resource) {
        return Objects.requireNonNullElse(
                switch (resource) {
                    case AclRuleTopicResource topic -> topic.getPatternType();
                    case AclRuleGroupResource group -> group.getPatternType();
                    case AclRuleTransactionalIdResource id -> id.getPatternType();
                    default -> AclResourcePatternType.LITERAL;
                },
                AclResourcePatternType.LITERAL);
    }

    private static long number(Map<String, Object> config, String name) {
        return Long.parseLong(config.getOrDefault(name, 0).toString());
    }
}
