package dev.murmuration.deploy;

import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod's container as a process of this machine: with the variables, settings, secrets and volumes that its manifest gives it. A
 * volume is a folder under the process's own; where a value names the path at which it is mounted, it names that folder.
 */
final class PodProcess {

    private static final Path LOGS = Path.of("logs");
    private static final Pattern LABEL = Pattern.compile("metadata\\.labels\\['(.+)']");

    private final Manifests manifests;
    private final Secrets secrets;
    private final Path folder;
    private final Map<String, String> addresses;

    /**
     * For the pods of one overlay.
     *
     * @param folder where they run
     * @param addresses what stands for the addresses of services in the cluster
     */
    PodProcess(Manifests manifests, Secrets secrets, Path folder, Map<String, String> addresses) {
        this.manifests = manifests;
        this.secrets = secrets;
        this.folder = folder;
        this.addresses = addresses;
    }

    /** Starts a service's or the registry's container. */
    ChildProcess quarkus(Pod pod, Path jar, int port, List<String> options, Map<String, String> further)
            throws IOException {
        String name = pod.getMetadata().getName();
        Map<String, String> environment = environment(pod);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.putAll(further);
        List<String> all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseG1GC"));
        all.addAll(options);
        Program program = Program.quarkus(
                        name, all, jar, Installation.find().watchdog(), List.of(), folder.resolve(name))
                .with(Map.of("java.io.tmpdir", temporary(name).toString()));
        return start(program, environment);
    }

    /** Runs a command of a service beside its container, as {@code kubectl exec} does: with its variables and further ones. */
    ChildProcess command(Pod pod, Path jar, List<String> arguments, Map<String, String> further) throws IOException {
        String name = pod.getMetadata().getName() + "-" + arguments.getFirst();
        Map<String, String> environment = environment(pod);
        environment.putAll(further);
        Program program = Program.quarkus(
                        name,
                        List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        jar,
                        Installation.find().watchdog(),
                        arguments,
                        Files.createDirectories(folder.resolve(name)))
                .with(Map.of("java.io.tmpdir", temporary(name).toString()));
        return start(program, environment);
    }

    /** Starts a container of the image `prepare`. */
    ChildProcess prepare(Pod pod, List<String> arguments) throws IOException {
        String name = pod.getMetadata().getName();
        Program program = new Program(
                name,
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Installation.find().classPath(),
                "dev.murmuration.local.Main",
                arguments,
                Map.of(),
                folder.resolve(name));
        return start(program, environment(pod));
    }

    private ChildProcess start(Program program, Map<String, String> environment) {
        return ChildProcess.start(
                program.withEnvironment(environment), folder.resolve(LOGS).resolve(program.name() + ".log"));
    }

    private Path temporary(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name).resolve("tmp"));
    }

    private Map<String, String> environment(Pod pod) throws IOException {
        Map<String, String> paths = volumes(pod.getMetadata().getName(), pod.getSpec());
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, String> environment = new TreeMap<>();
        for (EnvFromSource from : container.getEnvFrom()) {
            environment.putAll(manifests
                    .find(ConfigMap.class, from.getConfigMapRef().getName())
                    .orElseThrow()
                    .getData());
        }
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), value(pod.getMetadata(), variable));
        }
        environment.replaceAll((variable, value) -> here(value, paths));
        return environment;
    }

    private String value(ObjectMeta pod, EnvVar variable) {
        EnvVarSource from = variable.getValueFrom();
        if (from == null) {
            return variable.getValue();
        }
        if (from.getSecretKeyRef() != null) {
            byte[] value = secrets.get(from.getSecretKeyRef().getName())
                    .get(from.getSecretKeyRef().getKey());
            return new String(value, StandardCharsets.UTF_8);
        }
        String field = from.getFieldRef().getFieldPath();
        if (field.equals("metadata.name")) {
            return pod.getName();
        }
        Matcher label = LABEL.matcher(field);
        if (label.matches()) {
            return Objects.requireNonNull(pod.getLabels().get(label.group(1)));
        }
        throw new IllegalArgumentException(
                "%s: %s is of no kind known here".formatted(pod.getName(), variable.getName()));
    }

    /** Makes the folders of the volumes; returns them by where they are mounted. */
    private Map<String, String> volumes(String name, PodSpec pod) throws IOException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (VolumeMount mount : pod.getContainers().getFirst().getVolumeMounts()) {
            if (!mount.getMountPath().equals("/tmp")) {
                Path place = Files.createDirectories(folder.resolve(name).resolve(mount.getName()));
                paths.put(mount.getMountPath(), place.toString());
            }
        }
        for (Volume volume : pod.getVolumes()) {
            Path place = folder.resolve(name).resolve(volume.getName());
            if (volume.getSecret() != null
                    && !Boolean.TRUE.equals(volume.getSecret().getOptional())) {
                for (Map.Entry<String, byte[]> entry :
                        secrets.get(volume.getSecret().getSecretName()).entrySet()) {
                    Files.write(place.resolve(entry.getKey()), entry.getValue());
                }
            } else if (volume.getConfigMap() != null) {
                Map<String, String> data = manifests
                        .find(ConfigMap.class, volume.getConfigMap().getName())
                        .orElseThrow()
                        .getData();
                for (Map.Entry<String, String> entry : data.entrySet()) {
                    Files.writeString(place.resolve(entry.getKey()), here(entry.getValue(), paths));
                }
            }
        }
        return paths;
    }

    private String here(String value, Map<String, String> paths) {
        String here = value;
        for (Map<String, String> replaced : List.of(addresses, paths)) {
            for (Map.Entry<String, String> entry : replaced.entrySet()) {
                here = here.replace(entry.getKey(), entry.getValue());
            }
        }
        return here;
    }
}
