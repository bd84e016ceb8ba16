package dev.murmuration.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.deploy.ComposeFile.Condition;
import dev.murmuration.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a docker-compose.yml, each problem in one line. */
final class ComposeProblems {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");
    private static final Pattern WITH_DEFAULT = Pattern.compile("\\$\\{[A-Z0-9_]+:-([^}]*)}");
    private static final String OURS = "murmuration/";

    /** What the smallest host has that this shall run on; an engine refuses a limit above it. */
    private static final double PROCESSORS = 2;

    private final List<String> problems = new ArrayList<>();
    private final Set<String> example;

    private ComposeProblems(Set<String> example) {
        this.example = example;
    }

    /**
     * Compares with the code.
     *
     * @param tree the file, anchors and merge keys resolved
     * @param example the variables of .env.example
     */
    static List<String> of(JsonNode tree, Set<String> example) {
        ComposeProblems found = new ComposeProblems(example);
        try {
            ComposeFile file = new ObjectMapper().treeToValue(ComposeFile.withoutFragments(tree), ComposeFile.class);
            found.lookAt(file);
            found.variables(tree.toString());
        } catch (JsonProcessingException unlike) {
            found.problems.add("does not parse: " + unlike.getOriginalMessage());
        }
        return found.problems;
    }

    private void lookAt(ComposeFile file) {
        List<String> pipeline = file.services().keySet().stream()
                .filter(Topics.SERVICES::contains)
                .toList();
        if (!pipeline.equals(Topics.SERVICES)) {
            problems.add("the services are %s and not, in pipeline order, %s".formatted(pipeline, Topics.SERVICES));
        }
        file.services().forEach((name, service) -> {
            image(name, service);
            bounds(name, service);
            dependencies(name, service, file);
            if (AnyCluster.runsIn(service.image())) {
                service.variables().keySet().stream()
                        .filter(variable -> !AnyCluster.acceptsVariable(variable))
                        .forEach(variable ->
                                problems.add("%s: nothing reads the variable %s".formatted(name, variable)));
            }
            String role = name.replaceFirst("-gpu$", "");
            if (Topics.SERVICES.contains(role)) {
                stage(name, service, Service.of(role));
            }
        });
        console(file);
        for (String profile : List.of("cpu", "gpu")) {
            ports(file, profile);
        }
        volumes(file);
        gpus(file);
    }

    private void image(String name, ComposeFile.Service service) {
        String image = service.image().replaceFirst("@sha256:[0-9a-f]*$", "");
        String tag = image.replaceFirst("^[^:]*:", "");
        if (!service.image().contains(":") || tag.equals("latest")) {
            problems.add("%s: the image %s is not pinned".formatted(name, service.image()));
        }
        if (service.image().startsWith(OURS) == (service.build() == null)) {
            problems.add("%s: the image %s is ours if and only if it is built here".formatted(name, service.image()));
        }
        Map<String, String> versions = Map.of(
                "apache/kafka", "kafka.version", "quay.io/apicurio/apicurio-registry", "apicurio.registry.version");
        String property = versions.get(image.replaceFirst(":[^:]*$", ""));
        if (property != null && !tag.equals(Repository.version(property))) {
            problems.add("%s: version %s, but the build is tested with %s"
                    .formatted(name, tag, Repository.version(property)));
        }
    }

    private void bounds(String name, ComposeFile.Service service) {
        if (service.deploy() == null) {
            problems.add(name + ": has no limits of processors and memory");
        }
        if (service.capDrop() == null
                || service.securityOpt() == null
                || service.restart() == null
                || service.logging() == null) {
            problems.add(
                    name + ": lacks what all share: dropped capabilities, no new privileges, restart, bounded logs");
        }
        if (service.deploy() != null) {
            String processors = WITH_DEFAULT
                    .matcher(service.deploy().resources().limits().cpus())
                    .replaceAll("$1");
            if (Double.parseDouble(processors) > PROCESSORS) {
                problems.add(
                        "%s: an engine on a host of two processors refuses a limit of %s".formatted(name, processors));
            }
        }
        for (String folder : service.temporary()) {
            if (service.image().startsWith(OURS)
                    && !List.of(folder.replaceFirst("^[^:]*:", "").split(",", -1))
                            .contains("exec")) {
                problems.add("%s: cannot load from %s the libraries that it unpacks there".formatted(name, folder));
            }
        }
        if (service.healthcheck() != null
                && service.healthcheck().test().stream().anyMatch(command -> command.contains("kafka-"))) {
            problems.add(name + ": starts a JVM to learn whether it is healthy");
        }
        if (service.healthcheck() != null && !"5m".equals(service.healthcheck().startPeriod())) {
            problems.add(name + ": is unhealthy before it has started on a busy machine, without a start_period of 5m");
        }
        for (String port : service.published()) {
            if (!port.startsWith("127.0.0.1:")) {
                problems.add("%s: port %s is published beyond this machine".formatted(name, port));
            }
        }
    }

    private void dependencies(String name, ComposeFile.Service service, ComposeFile file) {
        service.dependencies().forEach((other, how) -> {
            ComposeFile.Service needed = file.services().get(other);
            if (needed == null) {
                problems.add("%s: depends on %s, which is not there".formatted(name, other));
            } else if (how.condition() == Condition.HEALTHY && needed.healthcheck() == null) {
                problems.add("%s: waits for the health of %s, which has no check".formatted(name, other));
            } else if (how.condition() == Condition.COMPLETED && "unless-stopped".equals(needed.restart())) {
                problems.add("%s: waits for the end of %s, which is always started again".formatted(name, other));
            } else if (how.condition() == Condition.STARTED) {
                problems.add("%s: does not wait for the health of %s".formatted(name, other));
            }
        });
    }

    private void stage(String name, ComposeFile.Service service, Service code) {
        Map<String, String> variables = service.variables();
        variables.keySet().stream()
                .filter(variable -> !code.acceptsVariable(variable))
                .forEach(variable -> problems.add("%s: nothing reads the variable %s".formatted(name, variable)));
        String port = Integer.toString(code.port());
        if (!port.equals(variables.get("QUARKUS_HTTP_PORT"))) {
            problems.add(
                    "%s: QUARKUS_HTTP_PORT is %s and not %s".formatted(name, variables.get("QUARKUS_HTTP_PORT"), port));
        }
        if (!service.published().equals(List.of("127.0.0.1:%s:%s".formatted(port, port)))) {
            problems.add("%s: publishes %s and not %s".formatted(name, service.published(), port));
        }
        if (service.dependencies().get("prepare") == null) {
            problems.add(name + ": does not wait for topics, bucket and schemas");
        }
        if (!service.readOnly()) {
            problems.add(name + ": may write into its image");
        }
        if (service.build() != null && !code.folder().equals(folder(service.build()))) {
            problems.add("%s: is built from another service".formatted(name));
        }
        service.variables().entrySet().stream()
                .filter(variable -> variable.getValue().startsWith("/var/lib/murmuration"))
                .filter(variable ->
                        service.mounts().stream().noneMatch(mount -> mount.endsWith(":/var/lib/murmuration")))
                .forEach(variable -> problems.add("%s: %s lies on no volume".formatted(name, variable.getKey())));
    }

    /** As the Dockerfiles find it. */
    private static String folder(ComposeFile.Build build) {
        Map<String, String> args = build.args() == null ? Map.of() : build.args();
        return args.getOrDefault("FOLDER", "services/" + args.get("SERVICE"));
    }

    /** It asks every service at its name and port; in the profile gpu another container answers to that name. */
    private void console(ComposeFile file) {
        ComposeFile.Service console = file.services().get(Service.CONSOLE);
        if (console == null) {
            problems.add("the console is not started");
            return;
        }
        stage(Service.CONSOLE, console, Service.of(Service.CONSOLE));
        for (Service service : Service.inPipelineOrder()) {
            String variable = Service.variable("console.services." + service.name());
            String address = "http://%s:%d".formatted(service.name(), service.port());
            if (!address.equals(console.variables().get(variable))) {
                problems.add("console: %s is %s and not %s"
                        .formatted(variable, console.variables().get(variable), address));
            }
        }
    }

    private void ports(ComposeFile file, String profile) {
        Map<String, String> taken = new HashMap<>();
        file.services().forEach((name, service) -> {
            if (service.startsIn().contains(profile)) {
                for (String port : service.published()) {
                    String host = port.split(":", -1)[1];
                    String other = taken.put(host, name);
                    if (other != null) {
                        problems.add("%s and %s both publish port %s".formatted(other, name, host));
                    }
                }
            }
        });
    }

    private void volumes(ComposeFile file) {
        Set<String> used = new HashSet<>();
        file.services()
                .forEach((name, service) -> service.mounts().forEach(mount -> {
                    String source = mount.split(":", -1)[0];
                    if (source.startsWith("./")) {
                        if (!Repository.path(source).toFile().exists()) {
                            problems.add("%s: mounts %s, which is not there".formatted(name, source));
                        }
                    } else {
                        used.add(source);
                    }
                }));
        if (!used.equals(file.volumes().keySet())) {
            problems.add("volumes used %s, declared %s"
                    .formatted(new TreeSet<>(used), new TreeSet<>(file.volumes().keySet())));
        }
    }

    private void gpus(ComposeFile file) {
        file.services().forEach((name, service) -> {
            boolean reserves =
                    service.deploy() != null && service.deploy().resources().reservations() != null;
            if (name.endsWith("-gpu") != reserves
                    || reserves != service.startsIn().equals(List.of("gpu"))) {
                problems.add(name + ": a GPU is reserved if and only if it starts in the profile gpu");
            }
            if (reserves && !service.aliases().contains(name.replaceFirst("-gpu$", ""))) {
                problems.add(name + ": Prometheus and the console do not find it by the name of the service");
            }
            String device = name.replaceFirst("-gpu$", "").toUpperCase(Locale.ROOT) + "_DEVICE";
            if (reserves && !"gpu".equals(service.variables().get(device))) {
                problems.add("%s: reserves a GPU, and %s does not ask for it".formatted(name, device));
            }
        });
    }

    private void variables(String text) {
        Set<String> used = new TreeSet<>();
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        Set<String> expected = new TreeSet<>(example);
        expected.remove("COMPOSE_PROFILES");
        if (!used.equals(expected)) {
            problems.add("variables used %s, in .env.example %s".formatted(used, expected));
        }
    }
}
