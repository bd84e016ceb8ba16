package dev.murmuration.schemas;

import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A topic of the pipeline with the policy it is created with. Topics are created by the platform, never by a client at run time.
 *
 * @param name its name on the broker
 * @param schema the schema of its values; empty for dead letters, which carry bytes as they were read
 * @param policy how long records stay
 * @param partitioned whether it has as many partitions as the platform is set to, or exactly one
 */
public record Topic(String name, Optional<Schema> schema, Policy policy, boolean partitioned) {

    /** How long records stay. */
    public enum Policy {
        /** The newest record of a key stays; a null value removes the key for good. */
        COMPACT,
        /** Records go after the time that the platform is set to. */
        DELETE,
        /** Every record stays: keys repeat, and each record counts. */
        KEEP;

        /** The topic configuration of the policy, by Kafka's names. */
        public Map<String, String> config() {
            return switch (this) {
                case COMPACT -> Map.of("cleanup.policy", "compact");
                case DELETE -> Map.of("cleanup.policy", "delete");
                case KEEP -> Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");
            };
        }
    }

    /** The registry's name for the schema of this topic's values (Confluent's TopicNameStrategy). */
    public String subject() {
        return name + "-value";
    }
}
