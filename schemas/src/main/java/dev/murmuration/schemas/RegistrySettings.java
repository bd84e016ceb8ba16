package dev.murmuration.schemas;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which registry the events' schemas are in, and whose serdes speak to it.
 *
 * @param url base address, for example {@code http://localhost:8080/apis/registry/v3} for Apicurio's serdes
 * @param serializer class name of a Kafka {@code Serializer<Object>} that writes Confluent's wire format
 * @param deserializer class name of the matching {@code Deserializer<Object>}
 * @param timeout how long an unreachable registry is waited for
 * @param extra further settings of the serdes, passed on as they are (credentials, trust stores)
 */
public record RegistrySettings(
        String url, String serializer, String deserializer, Duration timeout, Map<String, String> extra) {

    /** Apicurio's serializer: the default, from Maven Central. */
    public static final String APICURIO_SERIALIZER = "io.apicurio.registry.serde.avro.AvroKafkaSerializer";
    /** Apicurio's deserializer. */
    public static final String APICURIO_DESERIALIZER = "io.apicurio.registry.serde.avro.AvroKafkaDeserializer";

    /** Copies the map. */
    public RegistrySettings {
        extra = Map.copyOf(extra);
    }

    /** Apicurio's serdes at this address, waiting a minute. */
    public static RegistrySettings apicurio(String url) {
        return new RegistrySettings(url, APICURIO_SERIALIZER, APICURIO_DESERIALIZER, Duration.ofMinutes(1), Map.of());
    }

    /**
     * How to get in, by the names of both families of serdes; each ignores the other's. For {@link #extra}.
     *
     * @param username who signs in; empty: nobody
     * @param password the password that goes with it
     * @param certificates PEM file of the authorities that the registry's certificate may be from
     */
    public static Map<String, String> access(
            Optional<String> username, Optional<String> password, Optional<Path> certificates) {
        Map<String, String> access = new HashMap<>();
        username.ifPresent(name -> {
            access.put("apicurio.registry.auth.username", name);
            access.put("apicurio.registry.auth.password", password.orElse(""));
            access.put("basic.auth.credentials.source", "USER_INFO");
            access.put("basic.auth.user.info", name + ":" + password.orElse(""));
        });
        certificates.ifPresent(pem -> {
            access.put("apicurio.registry.tls.truststore.type", "PEM");
            access.put("apicurio.registry.tls.truststore.location", pem.toString());
            access.put("schema.registry.ssl.truststore.type", "PEM");
            access.put("schema.registry.ssl.truststore.location", pem.toString());
        });
        return access;
    }

    /** Without what the serdes sign in with. */
    @Override
    public String toString() {
        return url;
    }

    /** The settings by the names of both families of serdes; each ignores the other's. */
    Map<String, Object> forSerdes() {
        Map<String, Object> all = new HashMap<>();
        all.put("apicurio.registry.url", url);
        all.put("apicurio.registry.auto-register", "false");
        all.put("apicurio.registry.artifact-resolver-strategy", "io.apicurio.registry.serde.strategy.TopicIdStrategy");
        all.put("apicurio.registry.avro-datum-provider", GeneratedDatums.class);
        // An id never changes its meaning: what was looked up once outlives an outage of the registry.
        all.put(
                "apicurio.registry.check-period-ms",
                Long.toString(Duration.ofDays(1).toMillis()));
        all.put("apicurio.registry.fault-tolerant-refresh", "true");
        // We wait ourselves, bounded by our own setting.
        all.put("apicurio.registry.retry-count", "1");
        all.put("schema.registry.url", url);
        all.put("auto.register.schemas", "false");
        all.put("specific.avro.reader", "true");
        all.put("avro.remove.java.properties", "false");
        all.putAll(extra);
        return all;
    }
}
