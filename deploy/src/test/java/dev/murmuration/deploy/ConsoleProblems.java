package dev.murmuration.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** What is wrong with the console: it reads and asks, lets nobody in, and can be asked by whoever forwards its port. */
final class ConsoleProblems {

    private static final Map<String, String> LABEL = Map.of("app.kubernetes.io/name", Service.CONSOLE);
    private static final Set<StrimziAclOperation> HARMLESS =
            Set.of(StrimziAclOperation.DESCRIBE, StrimziAclOperation.READ);

    private final Manifests manifests;
    private final Service code = Service.of(Service.CONSOLE);
    private final List<String> problems = new ArrayList<>();

    private ConsoleProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        ConsoleProblems found = new ConsoleProblems(manifests);
        manifests
                .find(Deployment.class, Service.CONSOLE)
                .ifPresentOrElse(found::pod, () -> found.problems.add("console: is not deployed"));
        found.settings();
        found.rights();
        found.network();
        return found.problems;
    }

    private void pod(Deployment deployment) {
        Container container =
                deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
        boolean atItsPort = container.getPorts().getFirst().getContainerPort() == code.port()
                && manifests
                        .find(io.fabric8.kubernetes.api.model.Service.class, Service.CONSOLE)
                        .filter(each -> each.getSpec().getPorts().getFirst().getPort() == code.port())
                        .isPresent();
        if (!atItsPort) {
            problems.add("console: listens on port %d, which container and service must say".formatted(code.port()));
        }
        container.getEnv().stream()
                .map(EnvVar::getName)
                .filter(variable -> !code.acceptsVariable(variable))
                .forEach(variable -> problems.add("console: nothing reads the variable " + variable));
    }

    /** Where it finds the services. */
    private void settings() {
        Properties told = StageProblems.properties(
                manifests.configuration(Service.CONSOLE).getOrDefault("application.properties", ""));
        told.stringPropertyNames().stream()
                .filter(setting -> !code.accepts(setting))
                .forEach(setting -> problems.add("console: there is no setting " + setting));
        String namespace = manifests
                .all(Deployment.class)
                .map(deployment -> deployment.getMetadata().getNamespace())
                .findFirst()
                .orElseThrow();
        for (Service service : Service.inPipelineOrder()) {
            String address = "http://%s.%s.svc:%d".formatted(service.name(), namespace, service.port());
            String is = told.getProperty("console.services." + service.name());
            if (!address.equals(is)) {
                problems.add("console: looks for %s at %s and not %s".formatted(service.name(), is, address));
            }
        }
    }

    private void rights() {
        List<AclRule> rules = manifests
                .find(KafkaUser.class, Service.CONSOLE)
                .map(user -> ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls())
                .orElse(List.of());
        if (rules.stream().anyMatch(rule -> !HARMLESS.containsAll(rule.getOperations()))) {
            problems.add("user console: may do more than read");
        }
    }

    private void network() {
        if (manifests
                .all(NetworkPolicy.class)
                .filter(policy ->
                        policy.getSpec().getPodSelector().getMatchLabels().equals(LABEL))
                .anyMatch(policy -> !policy.getSpec().getIngress().isEmpty())) {
            problems.add("console: has no sign-in, and a policy lets others in");
        }
        List<Integer> ports =
                Service.inPipelineOrder().stream().map(Service::port).toList();
        boolean asked = manifests
                .all(NetworkPolicy.class)
                .flatMap(policy -> policy.getSpec().getIngress().stream())
                .filter(ingress -> ingress.getFrom().stream().anyMatch(ConsoleProblems::isConsole))
                .flatMap(ingress -> ingress.getPorts().stream())
                .anyMatch(port -> ports.stream().allMatch(each -> covers(port, each)));
        boolean asks = manifests
                .find(NetworkPolicy.class, Service.CONSOLE)
                .filter(policy ->
                        policy.getSpec().getPodSelector().getMatchLabels().equals(LABEL))
                .stream()
                .flatMap(policy -> policy.getSpec().getEgress().stream())
                .flatMap(egress -> egress.getPorts().stream())
                .anyMatch(port -> ports.stream().allMatch(each -> covers(port, each)));
        if (!asked || !asks) {
            problems.add("console: does not reach the services at " + ports);
        }
    }

    private static boolean isConsole(NetworkPolicyPeer peer) {
        return peer.getPodSelector() != null
                && peer.getPodSelector().getMatchLabels().equals(LABEL);
    }

    private static boolean covers(NetworkPolicyPort ports, int port) {
        IntOrString first = ports.getPort();
        int last = ports.getEndPort() == null ? first.getIntVal() : ports.getEndPort();
        return first.getIntVal() <= port && port <= last;
    }
}
