package dev.murmuration.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * docker-compose.yml as types: what we use of the Compose specification and nothing else, so that a key that is misspelt or of
 * the wrong kind does not parse. No library of Maven Central has the whole specification as types or as a schema; where a tool
 * that has it is at hand, a test asks that too.
 */
record ComposeFile(
        String name, LinkedHashMap<String, Service> services, LinkedHashMap<String, @Nullable Volume> volumes) {

    record Service(
            String image,
            @Nullable Build build,
            @Nullable List<String> profiles,
            @Nullable List<String> command,
            @Nullable Map<String, String> environment,
            @JsonProperty("depends_on") @Nullable LinkedHashMap<String, Dependency> dependsOn,
            @Nullable List<String> ports,
            @Nullable Map<String, Network> networks,
            @Nullable List<String> volumes,
            @Nullable List<String> tmpfs,
            @JsonProperty("read_only") boolean readOnly,
            @JsonProperty("cap_drop") @Nullable List<String> capDrop,
            @JsonProperty("security_opt") @Nullable List<String> securityOpt,
            @Nullable String restart,
            @JsonProperty("stop_grace_period") @Nullable String stopGracePeriod,
            @Nullable Healthcheck healthcheck,
            @Nullable Logging logging,
            @Nullable Deploy deploy) {

        Map<String, String> variables() {
            return environment == null ? Map.of() : environment;
        }

        List<String> published() {
            return ports == null ? List.of() : ports;
        }

        List<String> mounts() {
            return volumes == null ? List.of() : volumes;
        }

        List<String> temporary() {
            return tmpfs == null ? List.of() : tmpfs;
        }

        Map<String, Dependency> dependencies() {
            return dependsOn == null ? Map.of() : dependsOn;
        }

        /** By which names others find it, beside its own. */
        List<String> aliases() {
            return networks == null
                    ? List.of()
                    : networks.values().stream()
                            .flatMap(network -> network.aliases().stream())
                            .toList();
        }

        /** The profiles in which it starts; none: in every one. */
        List<String> startsIn() {
            return profiles == null ? List.of("cpu", "gpu") : profiles;
        }
    }

    record Build(
            String context, String dockerfile, @Nullable Map<String, String> args) {}

    enum Condition {
        @JsonProperty("service_started")
        STARTED,
        @JsonProperty("service_healthy")
        HEALTHY,
        @JsonProperty("service_completed_successfully")
        COMPLETED
    }

    record Dependency(Condition condition) {}

    record Network(List<String> aliases) {}

    record Healthcheck(
            List<String> test,
            String interval,
            String timeout,
            int retries,
            @JsonProperty("start_period") @Nullable String startPeriod) {}

    record Logging(String driver, Map<String, String> options) {}

    record Deploy(Resources resources) {}

    record Resources(Limits limits, @Nullable Reservations reservations) {}

    record Limits(String cpus, String memory) {}

    record Reservations(List<Device> devices) {}

    record Device(String driver, int count, List<String> capabilities) {}

    record Volume() {}

    /** Its fragments (x-...) are resolved already. */
    static JsonNode withoutFragments(JsonNode file) {
        com.fasterxml.jackson.databind.node.ObjectNode copy = file.deepCopy();
        copy.remove(file.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith("x-"))
                .toList());
        return copy;
    }
}
