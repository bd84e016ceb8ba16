package dev.murmuration.local.platform;

import java.util.Map;
import java.util.Objects;

/**
 * The addresses of broker, registry and object store, on this machine or elsewhere, and what to create there.
 *
 * @param kafka settings of Kafka clients by their own names, at least {@code bootstrap.servers}
 * @param registry the registry of the schemas
 * @param store the object store
 * @param topics how the topics are created
 */
public record Site(Map<String, Object> kafka, RegistryAddress registry, StoreAddress store, TopicPlan topics) {

    /** Copies the map. */
    public Site {
        kafka = Map.copyOf(kafka);
    }

    /** The broker's address, for messages. */
    public String broker() {
        return Objects.requireNonNull(kafka.get("bootstrap.servers")).toString();
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "%s, %s, %s".formatted(broker(), registry, store);
    }
}
