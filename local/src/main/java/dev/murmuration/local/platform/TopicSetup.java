package dev.murmuration.local.platform;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Creates the topics of the pipeline with their partitions and policies. Existing topics are not changed. */
final class TopicSetup {

    // Without it the broker leaves deleted texts on disk until half of a partition is old, which for a large one takes
    // years.
    private static final Duration DELETED_WITHIN = Duration.ofHours(24);

    private TopicSetup() {}

    /**
     * Creates missing topics.
     *
     * @return the topics that it created, in pipeline order
     * @throws PlatformException if an existing topic would lose records, or a missing one must not be created
     */
    static List<String> create(Admin admin, TopicPlan plan) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        List<Topic> missing = Topics.ALL.stream()
                .filter(topic -> !there.contains(topic.name()))
                .toList();
        List<String> names = missing.stream().map(Topic::name).toList();
        if (!plan.create()) {
            if (!names.isEmpty()) {
                throw new IllegalStateException("there are no topics %s yet".formatted(names));
            }
            return names;
        }
        requirePolicies(
                admin,
                Topics.ALL.stream()
                        .filter(topic -> there.contains(topic.name()))
                        .toList());
        make(admin, plan, missing);
        return names;
    }

    private static void make(Admin admin, TopicPlan plan, List<Topic> topics)
            throws ExecutionException, InterruptedException {
        admin.createTopics(topics.stream()
                        .map(topic -> described(topic.name(), topic, plan))
                        .toList())
                .all()
                .get();
    }

    /** Creates missing topics of a relabelling. */
    static void create(Admin admin, TopicPlan plan, TopicNames names) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        admin.createTopics(TopicNames.own().stream()
                        .filter(topic -> !there.contains(names.of(topic)))
                        .map(topic -> described(names.of(topic), topic, plan))
                        .toList())
                .all()
                .get();
    }

    /** A topic with the wrong cleanup policy is reported and not changed: it may contain records. */
    private static void requirePolicies(Admin admin, List<Topic> topics)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, Topic> resources = new HashMap<>();
        topics.forEach(topic -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic));
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(resources.keySet()).all().get();
        for (Map.Entry<ConfigResource, Config> each : configs.entrySet()) {
            Topic topic = Objects.requireNonNull(resources.get(each.getKey()));
            topic.policy().config().forEach((name, value) -> {
                ConfigEntry found = each.getValue().get(name);
                if (found != null && !value.equals(found.value())) {
                    throw new PlatformException(
                            "the topic %s is there with %s=%s and needs %s: it was made by somebody else; change it or delete it"
                                    .formatted(topic.name(), name, found.value(), value));
                }
            });
        }
    }

    /** Empties every topic of the pipeline by deleting and creating it. */
    static void recreate(Admin admin, TopicPlan plan) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        List<String> ours =
                Topics.ALL.stream().map(Topic::name).filter(there::contains).toList();
        admin.deleteTopics(ours).all().get();
        // The controller has deleted them, but the broker may still list them.
        make(admin, plan, Topics.ALL);
    }

    private static NewTopic described(String name, Topic topic, TopicPlan plan) {
        Map<String, String> config = new HashMap<>();
        if (topic.policy() == Topic.Policy.DELETE) {
            config.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(plan.retention().toMillis()));
        }
        if (topic.policy() == Topic.Policy.COMPACT) {
            config.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(DELETED_WITHIN.toMillis()));
        }
        config.putAll(topic.policy().config());
        int partitions = topic.partitioned() ? plan.partitions() : 1;
        return new NewTopic(name, partitions, (short) plan.replication()).configs(config);
    }
}
