package dev.murmuration.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.ChildProcess;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the services of pods that simulated nodes only mark as running: each is a process with the variables, settings and secrets
 * of its pod, started when the pod runs and ended when it is deleted. A process that ends by itself is started again, or
 * completes the pod of a job.
 */
final class Kubelet implements AutoCloseable {

    private static final ObjectMapper LENIENT =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private static final String SERVICE = "app.kubernetes.io/name";

    private final SimulatedCluster cluster;
    private final Deployed deployed;
    private final BiFunction<String, String, Map<String, String>> further;
    /** By the uid of their pods. */
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    private final Thread thread = Thread.ofPlatform().name("kubelet").unstarted(this::run);
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    record Running(String name, int port, ChildProcess child) {}

    /**
     * Starts it.
     *
     * @param further variables of the process of a pod, named first, of a service
     */
    Kubelet(SimulatedCluster cluster, Deployed deployed, BiFunction<String, String, Map<String, String>> further) {
        this.cluster = cluster;
        this.deployed = deployed;
        this.further = further;
        thread.start();
    }

    /** How many pods of a service have a process that is ready. */
    long ready(String service) throws InterruptedException {
        long ready = 0;
        for (Running each : running.values()) {
            if (each.name().startsWith(service + "-") && deployed.isReady(each.port())) {
                ready++;
            }
        }
        return ready;
    }

    private void run() {
        try {
            while (!closed) {
                look();
                TimeUnit.MILLISECONDS.sleep(250);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Throws what ended it, if anything did. */
    void check() {
        if (failure != null) {
            throw new AssertionError(failure);
        }
    }

    private void look() throws IOException, InterruptedException {
        Map<String, JsonNode> pods = new HashMap<>();
        for (JsonNode pod : cluster.list("api/v1", "pods")) {
            if (pod.at("/status/phase").asText().equals("Running")
                    && pod.at("/metadata/labels/murmuration.dev~1stage").asBoolean()) {
                pods.put(pod.at("/metadata/uid").asText(), pod);
            }
        }
        for (Map.Entry<String, Running> each : Map.copyOf(running).entrySet()) {
            if (!pods.containsKey(each.getKey())) {
                running.remove(each.getKey());
                each.getValue().child().close();
            }
        }
        for (Map.Entry<String, JsonNode> each : pods.entrySet()) {
            Running process = running.get(each.getKey());
            if (process == null || !process.child().alive()) {
                if (process != null
                        && isOfAJob(each.getValue())
                        && process.child().exit().join() == 0) {
                    complete(process.name());
                } else {
                    running.put(each.getKey(), start(each.getValue()));
                }
            }
        }
    }

    private Running start(JsonNode object) throws IOException {
        Pod pod = pod(object);
        String service = Objects.requireNonNull(pod.getMetadata().getLabels().get(SERVICE))
                .replaceFirst("-.*", "");
        int port = PlatformSettings.freePort();
        String name = pod.getMetadata().getName();
        return new Running(name, port, deployed.start(pod, service, port, further.apply(name, service)));
    }

    private static Pod pod(JsonNode object) throws JsonProcessingException {
        return LENIENT.treeToValue(object, Pod.class);
    }

    private static boolean isOfAJob(JsonNode pod) {
        return pod.at("/metadata/ownerReferences/0/kind").asText().equals("Job");
    }

    private void complete(String pod) throws IOException, InterruptedException {
        cluster.kubectl(
                "", "patch", "pod", pod, "--subresource=status", "--patch", "{\"status\": {\"phase\": \"Succeeded\"}}");
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        running.values().parallelStream().forEach(each -> each.child().close());
    }
}
