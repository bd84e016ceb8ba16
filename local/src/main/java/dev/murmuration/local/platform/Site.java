package dev.murmuration.local.platform;

import java.util.Map;
import java.util.Objects;

/**
 * Where broker, registry and object store are, on this machine or on any other, and what is to be there.
 *
 * @param kafka settings of Kafka clients by their own names, at least {@code bootstrap.servers}
 * @param registry where the schemas are
 * @param store where the objects are
 * @param topics how the topics come into being
 */
public record Site(Map<String, Object> kafka, RegistryAddress registry, StoreAddress store, TopicPlan topics) {

    /** Copies the map. */
    public Site {
        kafka = Map.copyOf(kafka);
    }

    /** For people: where the broker is. */
    public String broker() {
        return Objects.requireNonNull(kafka.get("bootstrap.servers")).toString();
    }

    /** Without what Kafka's clients sign in with. */
    @Override
    public String toString() {
        return "%s, %s, %s".formatted(broker(), registry, store);
    }
}
