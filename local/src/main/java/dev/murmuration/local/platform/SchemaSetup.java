package dev.murmuration.local.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Registers each topic's schema under its subject, with full compatibility. */
final class SchemaSetup {

    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration READY = Duration.ofSeconds(5);

    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private final RegistryAddress registry;
    private final Duration timeout;

    SchemaSetup(RegistryAddress registry) {
        this(registry, REQUEST);
    }

    /** With its own timeout for each request. */
    SchemaSetup(RegistryAddress registry, Duration timeout) {
        this.registry = registry;
        this.timeout = timeout;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        registry.trust().ifPresent(trust -> builder.sslContext(trust.context()));
        this.http = builder.build();
    }

    /** Fails unless the registry accepts requests. */
    void requireReady() throws IOException, InterruptedException {
        HttpResponse<Void> answer =
                http.send(request("/subjects").timeout(READY).GET().build(), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
            throw new IOException("GET subjects says " + answer.statusCode());
        }
    }

    /**
     * Idempotent: the same schema keeps its id.
     *
     * @return the subjects
     * @throws PlatformException if the registry refuses one; a retry is of no use
     * @throws IOException if it fails or does not answer; a retry may help
     */
    List<String> register() throws IOException, InterruptedException {
        List<String> subjects = new ArrayList<>();
        for (Topic topic : Topics.ALL) {
            if (topic.schema().isPresent()) {
                String schema = json.writeValueAsString(Map.of(
                        "schemaType", "AVRO", "schema", topic.schema().get().toString()));
                send("POST", "/subjects/" + topic.subject() + "/versions", schema);
                send("PUT", "/config/" + topic.subject(), "{\"compatibility\":\"FULL_TRANSITIVE\"}");
                subjects.add(topic.subject());
            }
        }
        return subjects;
    }

    private void send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .timeout(timeout)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        int kind = answer.statusCode() / 100;
        String said = "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body());
        if (kind == 4) {
            throw new PlatformException("the registry refused " + said);
        }
        if (kind != 2) {
            throw new IOException("the registry failed at " + said);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(registry.confluent() + path));
        registry.username()
                .ifPresent(name -> request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((name + ":"
                                                        + registry.password().orElse(""))
                                                .getBytes(StandardCharsets.UTF_8))));
        return request;
    }
}
