package dev.murmuration.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects of one overlay as types.
 *
 * @param objects the types, by kind and name
 * @param problems what does not parse, is there twice or is of another version, each in one line
 */
record Manifests(Map<String, Object> objects, List<String> problems) {

    private static final Map<String, Class<?>> KINDS = Map.ofEntries(
            kind(Namespace.class),
            kind(ServiceAccount.class),
            kind(io.fabric8.kubernetes.api.model.Service.class),
            kind(ConfigMap.class),
            kind(PersistentVolumeClaim.class),
            kind(StatefulSet.class),
            kind(Deployment.class),
            kind(Job.class),
            kind(PodDisruptionBudget.class),
            kind(NetworkPolicy.class),
            kind(Kafka.class),
            kind(KafkaNodePool.class),
            kind(KafkaTopic.class),
            kind(KafkaUser.class),
            kind(Keda.ScaledObject.class),
            kind(Keda.ScaledJob.class),
            kind(Keda.TriggerAuthentication.class));

    /** The types keep fields that they do not know for later; here such a field is a mistake. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Serial
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated method) {
                    return false;
                }
            });

    static Manifests of(List<ObjectNode> rendered) {
        Manifests manifests = new Manifests(new LinkedHashMap<>(), new ArrayList<>());
        rendered.forEach(manifests::add);
        return manifests;
    }

    private void add(ObjectNode object) {
        String kind = object.get("kind").asText();
        String name = kind + " " + Kustomization.nameOf(object);
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            problems.add("%s: no such kind is used here".formatted(name));
            return;
        }
        String version = version(type);
        if (!object.get("apiVersion").asText().equals(version)) {
            problems.add("%s: is of %s and not of %s"
                    .formatted(name, object.get("apiVersion").asText(), version));
            return;
        }
        try {
            if (objects.put(name, STRICT.treeToValue(object, type)) != null) {
                problems.add(name + ": is there twice");
            }
        } catch (JsonProcessingException unlike) {
            problems.add("%s: does not parse: %s".formatted(name, unlike.getOriginalMessage()));
        }
    }

    private static String version(Class<?> type) {
        return HasMetadata.class.isAssignableFrom(type)
                ? HasMetadata.getApiVersion(type.asSubclass(HasMetadata.class))
                : "keda.sh/v1alpha1";
    }

    <T> Optional<T> find(Class<T> type, String name) {
        return Optional.ofNullable(objects.get(type.getSimpleName() + " " + name))
                .map(type::cast);
    }

    <T> Stream<T> all(Class<T> type) {
        return objects.values().stream().filter(type::isInstance).map(type::cast);
    }

    /** The settings that the overlay gives to all stages by the environment. */
    Map<String, String> platform() {
        return configuration("platform");
    }

    /** The content of a config map, under the name that it has before the hash. */
    Map<String, String> configuration(String name) {
        return all(ConfigMap.class)
                .filter(map -> map.getMetadata().getName().matches(name + "-[a-z0-9]{10}"))
                .findFirst()
                .map(ConfigMap::getData)
                .orElse(Map.of());
    }

    private static Map.Entry<String, Class<?>> kind(Class<?> type) {
        return Map.entry(type.getSimpleName(), type);
    }
}
