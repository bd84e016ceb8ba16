package dev.murmuration.deploy;

import dev.murmuration.schemas.Topics;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** What is wrong with how pods follow lag. */
final class ScalingProblems {

    /** One writer a feed, and one deciding partition with stores: what these two do not gain from more pods. */
    private static final Set<String> NEVER = Set.of("crawler", "filter");

    private final Manifests manifests;
    private final List<String> problems = new ArrayList<>();

    private ScalingProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        ScalingProblems found = new ScalingProblems(manifests);
        manifests.all(Keda.ScaledObject.class).forEach(found::scaled);
        manifests.all(Keda.ScaledJob.class).forEach(found::job);
        Set<String> scaled = manifests
                .all(Keda.ScaledObject.class)
                .map(each -> each.spec().scaleTargetRef().name())
                .collect(Collectors.toSet());
        for (Service service : Service.inPipelineOrder()) {
            if (scaled.contains(service.name()) == NEVER.contains(service.name())) {
                found.problems.add(
                        "%s: is scaled by lag if and only if it is not one of %s".formatted(service.name(), NEVER));
            }
        }
        return found.problems;
    }

    private void scaled(Keda.ScaledObject object) {
        String name = object.metadata().getName();
        Keda.Spec spec = object.spec();
        StatefulSet target =
                manifests.find(StatefulSet.class, spec.scaleTargetRef().name()).orElse(null);
        if (target == null || !spec.scaleTargetRef().kind().equals("StatefulSet")) {
            problems.add("%s: scales %s, which is not there"
                    .formatted(name, spec.scaleTargetRef().name()));
        } else if (target.getSpec().getReplicas() != null) {
            problems.add("%s: each deployment would set the pods that follow lag back to %d"
                    .formatted(name, target.getSpec().getReplicas()));
        }
        if ((spec.minReplicaCount() == 0) != (spec.pollingInterval() != null && spec.cooldownPeriod() != null)) {
            problems.add(name + ": says how often to look and how long to wait if and only if there may be no pod");
        }
        if (spec.fallback() == null || spec.fallback().replicas() < 1) {
            problems.add(name + ": nothing works when the lag cannot be seen");
        }
        if (spec.advanced() == null
                || spec.advanced()
                                .horizontalPodAutoscalerConfig()
                                .behavior()
                                .getScaleDown()
                                .getStabilizationWindowSeconds()
                        == null) {
            problems.add(name + ": goes down without waiting");
        }
        spec.triggers().forEach(trigger -> {
            trigger(name, spec.maxReplicaCount(), trigger);
            Set<String> read = Service.of(name)
                    .reads()
                    .getOrDefault(String.valueOf(trigger.metadata().get("consumerGroup")), Set.of());
            if (!read.contains(String.valueOf(trigger.metadata().get("topic")))) {
                problems.add("%s: group %s does not read %s"
                        .formatted(
                                name,
                                trigger.metadata().get("consumerGroup"),
                                trigger.metadata().get("topic")));
            }
        });
    }

    /** A job reads no topic as a group; it says at its end how far it came, for the group of its settings. */
    private void job(Keda.ScaledJob job) {
        String name = job.metadata().getName();
        Properties told =
                StageProblems.properties(manifests.configuration(name).getOrDefault("application.properties", ""));
        job.spec().triggers().forEach(trigger -> {
            trigger(name, job.spec().maxReplicaCount(), trigger);
            if (!String.valueOf(trigger.metadata().get("consumerGroup"))
                            .equals(told.getProperty("trainer.epochs.group"))
                    || !Topics.SHARDS.name().equals(trigger.metadata().get("topic"))) {
                problems.add("%s: waits for %s, which no job commits for %s"
                        .formatted(
                                name,
                                trigger.metadata().get("consumerGroup"),
                                trigger.metadata().get("topic")));
            }
        });
        if (!"epochs".equals(told.getProperty("trainer.mode"))) {
            problems.add(name + ": a job that follows the stream has no end");
        }
        if (job.spec().jobTargetRef().getActiveDeadlineSeconds() == null
                || job.spec().jobTargetRef().getBackoffLimit() == null) {
            problems.add(name + ": may fail or hang for ever");
        }
    }

    private void trigger(String name, int most, Keda.Trigger trigger) {
        Map<String, String> metadata = trigger.metadata();
        metadata.keySet().stream()
                .filter(key -> !Keda.KAFKA.contains(key))
                .forEach(key -> problems.add("%s: the trigger knows no %s".formatted(name, key)));
        String topic = metadata.get("topic");
        if (topic == null) {
            problems.add(name + ": without a topic a group that never ran never starts");
            return;
        }
        int partitions = manifests
                .find(KafkaTopic.class, topic)
                .map(each -> each.getSpec().getPartitions())
                .orElse(0);
        if (most > partitions) {
            problems.add("%s: up to %d pods for %d partitions".formatted(name, most, partitions));
        }
        if (Integer.parseInt(metadata.getOrDefault("activationLagThreshold", "0")) < partitions) {
            problems.add("%s: the markers of %d partitions alone would wake it".formatted(name, partitions));
        }
        if (!"earliest".equals(metadata.get("offsetResetPolicy"))) {
            problems.add(name + ": begins where the group does not");
        }
        if (!"enable".equals(metadata.get("tls"))) {
            problems.add(name + ": asks for the lag without TLS");
        }
        Keda.TriggerAuthentication secrets = manifests
                .find(
                        Keda.TriggerAuthentication.class,
                        trigger.authenticationRef().name())
                .orElse(null);
        if (secrets == null
                || !secrets.spec().secretTargetRef().stream()
                        .filter(secret -> !secret.parameter().equals("ca"))
                        .allMatch(secret ->
                                manifests.find(KafkaUser.class, secret.name()).isPresent())) {
            problems.add(name + ": has no user to ask for the lag");
        }
    }
}
