package dev.murmuration.local.platform;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** Makes the topics of the pipeline with their partitions and policies. What is there already stays as it is. */
final class TopicSetup {

    private TopicSetup() {}

    static void create(Admin admin, PlatformSettings settings) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        List<NewTopic> missing = Topics.ALL.stream()
                .filter(topic -> !there.contains(topic.name()))
                .map(topic -> described(topic, settings))
                .toList();
        admin.createTopics(missing).all().get();
    }

    /** Empties every topic of the pipeline: deleted and made again. */
    static void recreate(Admin admin, PlatformSettings settings) throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        List<String> ours =
                Topics.ALL.stream().map(Topic::name).filter(there::contains).toList();
        admin.deleteTopics(ours).all().get();
        create(admin, settings);
    }

    private static NewTopic described(Topic topic, PlatformSettings settings) {
        Map<String, String> config = new HashMap<>();
        if (topic.policy() == Topic.Policy.DELETE) {
            config.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(settings.retention().toMillis()));
        }
        config.putAll(topic.policy().config());
        int partitions = topic.partitioned() ? settings.partitions() : 1;
        return new NewTopic(topic.name(), partitions, (short) 1).configs(config);
    }
}
