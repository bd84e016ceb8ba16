package dev.murmuration.deploy;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What we use of keda.sh/v1alpha1, as types; Maven Central has none. */
final class Keda {

    private Keda() {}

    /** What its Kafka trigger knows, of which we use some. */
    static final Set<String> KAFKA = Set.of(
            "bootstrapServers",
            "consumerGroup",
            "topic",
            "lagThreshold",
            "activationLagThreshold",
            "offsetResetPolicy",
            "allowIdleConsumers",
            "scaleToZeroOnInvalidOffset",
            "excludePersistentLag",
            "limitToPartitionsWithLag",
            "partitionLimitation",
            "tls");

    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {}

    record Spec(
            Target scaleTargetRef,
            int minReplicaCount,
            int maxReplicaCount,
            @Nullable Integer pollingInterval,
            @Nullable Integer cooldownPeriod,
            @Nullable Fallback fallback,
            @Nullable Advanced advanced,
            List<Trigger> triggers) {}

    record Target(String apiVersion, String kind, String name) {}

    record Fallback(int failureThreshold, int replicas) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

    record Autoscaler(HorizontalPodAutoscalerBehavior behavior) {}

    record ScaledJob(String apiVersion, String kind, ObjectMeta metadata, Jobs spec) {}

    record Jobs(
            int pollingInterval,
            int maxReplicaCount,
            int successfulJobsHistoryLimit,
            int failedJobsHistoryLimit,
            Rollout rollout,
            List<Trigger> triggers,
            JobSpec jobTargetRef) {}

    record Rollout(String strategy) {}

    record Trigger(
            String type, @Nullable String metricType, Reference authenticationRef, Map<String, String> metadata) {}

    record Reference(String name) {}

    record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Secrets spec) {}

    record Secrets(List<Secret> secretTargetRef) {}

    record Secret(String parameter, String name, String key) {}
}
