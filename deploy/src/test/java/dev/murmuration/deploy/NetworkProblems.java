package dev.murmuration.deploy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is wrong with the network policies: nothing may talk, and only the crawler may talk to the outside. */
final class NetworkProblems {

    /** Whose API server has no address that a policy can name; by port only. */
    private static final Set<String> TO_THE_API_SERVER = Set.of("kafka-operators");

    private static final Set<String> PRIVATE = Set.of(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/4");

    private final Manifests manifests;
    private final List<String> problems = new ArrayList<>();

    private NetworkProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        NetworkProblems found = new NetworkProblems(manifests);
        found.everythingIsDenied();
        found.onlyTheCrawlerGoesOut();
        found.policiesMeetPods();
        found.portsAreThere();
        return found.problems;
    }

    private void everythingIsDenied() {
        boolean denied = manifests
                .find(NetworkPolicy.class, "default-deny")
                .filter(policy -> isEverything(policy.getSpec().getPodSelector()))
                .filter(policy -> policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress")))
                .filter(policy -> policy.getSpec().getIngress().isEmpty()
                        && policy.getSpec().getEgress().isEmpty())
                .isPresent();
        if (!denied) {
            problems.add("what is not allowed is not denied");
        }
    }

    private void onlyTheCrawlerGoesOut() {
        manifests.all(NetworkPolicy.class).forEach(policy -> {
            String name = policy.getMetadata().getName();
            policy.getSpec().getEgress().forEach(egress -> {
                boolean anywhere = egress.getTo().isEmpty();
                List<IPBlock> addresses = egress.getTo().stream()
                        .map(NetworkPolicyPeer::getIpBlock)
                        .filter(block -> block != null)
                        .toList();
                boolean byPortOnly = anywhere && !TO_THE_API_SERVER.contains(name);
                boolean byAddress = !addresses.isEmpty() && !name.equals("crawler-egress");
                if (byPortOnly || byAddress) {
                    problems.add(name + ": lets pods out that are not the crawler");
                }
                addresses.stream()
                        .filter(block -> block.getCidr().equals("0.0.0.0/0")
                                && !block.getExcept().containsAll(PRIVATE))
                        .forEach(block -> problems.add(name + ": lets the crawler at private addresses"));
            });
        });
        Map<String, String> chosen = manifests
                .find(NetworkPolicy.class, "crawler-egress")
                .map(policy -> policy.getSpec().getPodSelector().getMatchLabels())
                .orElse(Map.of());
        if (!chosen.equals(Map.of("app.kubernetes.io/name", "crawler"))) {
            problems.add("the way out is not the crawler's alone: " + chosen);
        }
    }

    private void policiesMeetPods() {
        List<Map<String, String>> pods = pods();
        manifests
                .all(NetworkPolicy.class)
                .filter(policy -> policy.getSpec().getPodSelector().getMatchLabels().keySet().stream()
                        .noneMatch(label -> label.startsWith("strimzi.io/")))
                .filter(policy -> pods.stream()
                        .noneMatch(labels -> labels.entrySet()
                                .containsAll(policy.getSpec()
                                        .getPodSelector()
                                        .getMatchLabels()
                                        .entrySet())))
                .forEach(policy -> problems.add(policy.getMetadata().getName() + ": meets no pod"));
        for (Service service : Service.inPipelineOrder()) {
            boolean isStage = pods.stream()
                    .filter(labels -> service.name().equals(labels.get("app.kubernetes.io/name")))
                    .anyMatch(labels -> labels.keySet()
                            .containsAll(Set.of(
                                    "murmuration.dev/stage",
                                    "murmuration.dev/kafka-client",
                                    "murmuration.dev/platform-client")));
            if (!isStage) {
                problems.add(service.name() + ": reaches neither Kafka nor registry and store");
            }
        }
    }

    private void portsAreThere() {
        Set<Integer> needed =
                Service.inPipelineOrder().stream().map(Service::port).collect(Collectors.toCollection(TreeSet::new));
        boolean metrics = manifests.find(NetworkPolicy.class, "metrics").stream()
                .flatMap(policy -> policy.getSpec().getIngress().getFirst().getPorts().stream())
                .anyMatch(port -> needed.stream()
                        .allMatch(each -> port.getPort().getIntVal() <= each && each <= port.getEndPort()));
        if (!metrics) {
            problems.add("metrics: the ports of the services are " + needed);
        }
        boolean broker = manifests.find(NetworkPolicy.class, "kafka-clients").stream()
                .flatMap(policy -> policy.getSpec().getEgress().getFirst().getPorts().stream())
                .anyMatch(port -> manifests
                        .platform()
                        .getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "")
                        .endsWith(":" + port.getPort().getIntVal()));
        if (!broker) {
            problems.add("kafka-clients: another port than the listener's");
        }
    }

    private List<Map<String, String>> pods() {
        return Stream.of(
                        manifests
                                .all(StatefulSet.class)
                                .map(set -> set.getSpec().getTemplate()),
                        manifests
                                .all(Deployment.class)
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        manifests.all(Job.class).map(job -> job.getSpec().getTemplate()),
                        manifests
                                .all(Keda.ScaledJob.class)
                                .map(job -> job.spec().jobTargetRef().getTemplate()))
                .flatMap(each -> each)
                .map(template -> template.getMetadata().getLabels())
                .toList();
    }

    private static boolean isEverything(LabelSelector selector) {
        return selector.getMatchLabels().isEmpty()
                && selector.getMatchExpressions().isEmpty();
    }
}
