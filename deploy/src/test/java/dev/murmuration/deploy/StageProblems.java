package dev.murmuration.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/**
 * What is wrong with the pods, against the ports and settings of the services. Their secrets and variables are proved by running
 * them (BrokerIT), and that the namespace admits them by the API server.
 */
final class StageProblems {

    private static final Duration AFTER_THE_CHECKPOINT = Duration.ofSeconds(30);

    private final Manifests manifests;
    private final List<String> problems = new ArrayList<>();

    private StageProblems(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> of(Manifests manifests) {
        StageProblems found = new StageProblems(manifests);
        manifests
                .all(StatefulSet.class)
                .forEach(set ->
                        found.pod(set.getMetadata().getName(), set.getSpec().getTemplate(), true));
        manifests
                .all(Deployment.class)
                .forEach(deployment -> found.pod(
                        deployment.getMetadata().getName(), deployment.getSpec().getTemplate(), true));
        manifests
                .all(Job.class)
                .forEach(job ->
                        found.pod(job.getMetadata().getName(), job.getSpec().getTemplate(), false));
        manifests.all(Keda.ScaledJob.class).forEach(found::job);
        Service.inPipelineOrder().forEach(found::stage);
        found.versions();
        return found.problems;
    }

    private void pod(String name, PodTemplateSpec template, boolean runsOn) {
        PodSpec pod = template.getSpec();
        Container container = pod.getContainers().getFirst();
        boolean holdsNoToken = Boolean.FALSE.equals(pod.getAutomountServiceAccountToken())
                && manifests
                        .find(ServiceAccount.class, String.valueOf(pod.getServiceAccountName()))
                        .filter(account -> Boolean.FALSE.equals(account.getAutomountServiceAccountToken()))
                        .isPresent();
        check(holdsNoToken, name + ": needs a service account of its own, without a token");
        check(
                Boolean.FALSE.equals(pod.getEnableServiceLinks()),
                name + ": gets a variable of every service, and takes those for settings");
        check(
                container.getSecurityContext() != null
                        && Boolean.TRUE.equals(container.getSecurityContext().getReadOnlyRootFilesystem()),
                name + ": may write to its image");
        check(
                container.getResources() != null
                        && container.getResources().getLimits().keySet().containsAll(Set.of("cpu", "memory"))
                        && Objects.equals(
                                container.getResources().getRequests().get("memory"),
                                container.getResources().getLimits().get("memory")),
                name + ": memory asked for and allowed must be the same, and processors limited");
        check(
                container.getImage().matches(".+:(?!latest$)[^:/]+"),
                "%s: image %s is not pinned".formatted(name, container.getImage()));
        if (runsOn) {
            check(
                    answers(container, container.getStartupProbe())
                            && answers(container, container.getLivenessProbe())
                            && answers(container, container.getReadinessProbe()),
                    name + ": lacks a probe of a port that it has");
        }
        if (AnyCluster.runsIn(container.getImage())) {
            container.getEnv().stream()
                    .map(EnvVar::getName)
                    .filter(variable -> !AnyCluster.acceptsVariable(variable))
                    .forEach(variable -> problems.add("%s: nothing reads the variable %s".formatted(name, variable)));
        }
    }

    private static boolean answers(Container container, Probe probe) {
        return probe != null
                && probe.getHttpGet() != null
                && container.getPorts().stream()
                        .anyMatch(port -> port.getName()
                                .equals(probe.getHttpGet().getPort().getStrVal()));
    }

    private void job(Keda.ScaledJob job) {
        String name = job.metadata().getName();
        PodTemplateSpec template = job.spec().jobTargetRef().getTemplate();
        Container container = template.getSpec().getContainers().getFirst();
        Service service = Service.ofJob(job);
        pod(name, template, true);
        variables(name, service, container);
        check(
                container.getPorts().getFirst().getContainerPort() == service.port()
                        && Integer.toString(service.port())
                                .equals(template.getMetadata().getAnnotations().get("prometheus.io/port")),
                "%s: listens on port %d, which container and metrics must say".formatted(name, service.port()));
        check(
                manifests
                        .find(StatefulSet.class, service.name())
                        .filter(set -> template.getMetadata()
                                .getLabels()
                                .entrySet()
                                .containsAll(set.getSpec()
                                        .getSelector()
                                        .getMatchLabels()
                                        .entrySet()))
                        .isEmpty(),
                name + ": its pods would belong to the set of " + service.name());
        check(
                container.getEnv().stream()
                        .anyMatch(variable -> variable.getName().equals("TRAINER_RUN")
                                && variable.getValueFrom() != null
                                && variable.getValueFrom()
                                        .getFieldRef()
                                        .getFieldPath()
                                        .contains("batch.kubernetes.io/job-name")),
                name + ": a pod that takes over would not know whose run it goes on with");
        settings(name, service, template);
    }

    private void variables(String name, Service service, Container container) {
        container.getEnv().stream()
                .map(EnvVar::getName)
                .filter(variable -> !service.acceptsVariable(variable))
                .forEach(variable -> problems.add("%s: nothing reads the variable %s".formatted(name, variable)));
    }

    private void stage(Service service) {
        String name = service.name();
        StatefulSet set = manifests.find(StatefulSet.class, name).orElse(null);
        if (set == null) {
            problems.add(name + ": is not deployed");
            return;
        }
        PodTemplateSpec template = set.getSpec().getTemplate();
        Container container = template.getSpec().getContainers().getFirst();
        check(
                container.getImage().startsWith("murmuration/" + name + ":"),
                "%s: runs %s".formatted(name, container.getImage()));
        check(
                container.getPorts().getFirst().getContainerPort() == service.port()
                        && manifests
                                .find(io.fabric8.kubernetes.api.model.Service.class, name)
                                .filter(each ->
                                        each.getSpec().getPorts().getFirst().getPort() == service.port())
                                .isPresent()
                        && Integer.toString(service.port())
                                .equals(template.getMetadata().getAnnotations().get("prometheus.io/port")),
                "%s: listens on port %d, which container, service and metrics must say"
                        .formatted(name, service.port()));
        check(
                container.getLivenessProbe() != null
                        && "/q/health/live"
                                .equals(container
                                        .getLivenessProbe()
                                        .getHttpGet()
                                        .getPath())
                        && container.getReadinessProbe() != null
                        && "/q/health/ready"
                                .equals(container
                                        .getReadinessProbe()
                                        .getHttpGet()
                                        .getPath()),
                name + ": liveness and readiness are asked at the wrong place");
        variables(name, service, container);
        manifests.platform().keySet().stream()
                .filter(variable -> !service.acceptsVariable(variable))
                .forEach(variable -> problems.add("platform: nothing reads the variable %s".formatted(variable)));
        check(
                container.getEnv().stream()
                        .anyMatch(variable -> variable.getName().equals("INSTANCE_NAME")
                                && variable.getValueFrom() != null
                                && "metadata.name"
                                        .equals(variable.getValueFrom()
                                                .getFieldRef()
                                                .getFieldPath())),
                name + ": its instances have no stable names");
        check(
                manifests
                        .find(PodDisruptionBudget.class, name)
                        .filter(budget -> budget.getSpec()
                                .getSelector()
                                .equals(set.getSpec().getSelector()))
                        .isPresent(),
                name + ": has no disruption budget of its pods");
        check(
                template.getSpec().getTopologySpreadConstraints().stream()
                        .anyMatch(spread ->
                                spread.getLabelSelector().equals(set.getSpec().getSelector())),
                name + ": its pods may all be on one node");
        settings(name, service, template);
    }

    private void settings(String name, Service service, PodTemplateSpec template) {
        Properties told = properties(manifests.configuration(name).getOrDefault("application.properties", ""));
        check(!told.isEmpty(), name + ": has no settings of its own");
        told.stringPropertyNames().stream()
                .filter(setting -> !service.accepts(setting))
                .forEach(setting -> problems.add("%s: there is no setting %s".formatted(name, setting)));
        boolean onVolume = template.getSpec().getContainers().getFirst().getVolumeMounts().stream()
                .anyMatch(mount -> mount.getMountPath().equals("/var/lib/murmuration"));
        told.stringPropertyNames().stream()
                .filter(setting -> told.getProperty(setting).startsWith("/var/lib/murmuration/") && !onVolume)
                .forEach(setting -> problems.add("%s: %s lies on no volume".formatted(name, setting)));
        String timeout = told.getProperty(service.name() + ".stop-timeout");
        if (timeout != null) {
            Duration needed = Duration.parse("PT" + timeout.toUpperCase(java.util.Locale.ROOT))
                    .plus(AFTER_THE_CHECKPOINT);
            Long grace = Objects.requireNonNullElse(template.getSpec().getTerminationGracePeriodSeconds(), 30L);
            check(
                    grace >= needed.toSeconds(),
                    "%s: is killed after %d s, while it may stop for %d s".formatted(name, grace, needed.toSeconds()));
        }
    }

    private void versions() {
        manifests.find(Deployment.class, "registry").ifPresent(registry -> {
            String image = registry.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getImage();
            check(
                    image.endsWith(":" + Repository.version("apicurio.registry.version")),
                    "registry: %s is not the version that the build is tested with".formatted(image));
        });
    }

    static Properties properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
        return properties;
    }

    private void check(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
