package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * Kubernetes's API server, controllers and scheduler with KEDA and nodes that are only simulated: {@code deploy/verify/keda.sh},
 * which ends with its standard input.
 */
final class SimulatedCluster implements AutoCloseable {

    private static final String NAMESPACE = "murmuration";

    private final Process script;
    private final String address;
    private final String kubeconfig;
    private final String kubectl;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SimulatedCluster(Process script, String ready) {
        List<String> parts = List.of(ready.split(" ", 4));
        this.script = script;
        address = parts.get(1);
        kubeconfig = parts.get(2);
        kubectl = parts.get(3);
    }

    /**
     * Starts it.
     *
     * @param folder where it keeps its state and its logs
     */
    static SimulatedCluster start(Path folder) throws IOException {
        Files.createDirectories(folder);
        Process script = new ProcessBuilder(
                        Repository.path("deploy/verify/keda.sh").toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = script.inputReader(StandardCharsets.UTF_8);
        String ready = output.readLine();
        if (ready == null) {
            throw new IOException(Repository.text(folder.resolve("keda.sh.log")));
        }
        return new SimulatedCluster(script, ready);
    }

    /** Objects of one kind in the namespace, such as {@code api/v1 pods}. */
    List<JsonNode> list(String group, String kinds) throws InterruptedException {
        JsonNode items = Repository.JSON.createArrayNode();
        try {
            items = read("/%s/namespaces/%s/%s".formatted(group, NAMESPACE, kinds))
                    .path("items");
        } catch (IOException e) {
            // not yet
        }
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    /** One object of the namespace, such as {@code apis/apps/v1 statefulsets teacher}. */
    JsonNode get(String group, String kinds, String name) throws IOException, InterruptedException {
        return read("/%s/namespaces/%s/%s/%s".formatted(group, NAMESPACE, kinds, name));
    }

    private JsonNode read(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
        return Repository.JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** What KEDA's operator exports. */
    String operatorMetrics() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:46810/metrics"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return ""; // not yet
        }
    }

    /** Applies objects as {@code kubectl apply} does. */
    void apply(List<? extends JsonNode> objects) throws IOException, InterruptedException {
        ObjectNode list =
                Repository.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        objects.forEach(list.putArray("items")::add);
        kubectl(list.toString(), "apply", "-f", "-");
    }

    /** Runs kubectl in the namespace. */
    void kubectl(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(kubectl, "--kubeconfig", kubeconfig, "-n", NAMESPACE));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var standardInput = process.outputWriter(StandardCharsets.UTF_8)) {
            standardInput.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("kubectl " + String.join(" ", arguments) + ": " + output);
        }
    }

    @Override
    public void close() {
        try {
            script.getOutputStream().close();
            if (!script.waitFor(60, TimeUnit.SECONDS)) {
                script.destroy();
            }
        } catch (IOException | InterruptedException e) {
            script.destroy();
        }
    }
}
