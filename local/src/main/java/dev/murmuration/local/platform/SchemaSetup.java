package dev.murmuration.local.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Registers each topic's schema under its subject, to be changed only in ways that both old and new readers and writers survive. */
final class SchemaSetup {

    private static final Duration REQUEST = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String api;

    SchemaSetup(PlatformSettings settings) {
        this.api = "http://localhost:" + settings.registryPort() + "/apis/ccompat/v7";
    }

    /** Idempotent: the same schema keeps its id. */
    void register() throws IOException, InterruptedException {
        for (Topic topic : Topics.ALL) {
            if (topic.schema().isPresent()) {
                String schema = json.writeValueAsString(Map.of(
                        "schemaType", "AVRO", "schema", topic.schema().get().toString()));
                send("POST", "/subjects/" + topic.subject() + "/versions", schema);
                send("PUT", "/config/" + topic.subject(), "{\"compatibility\":\"FULL_TRANSITIVE\"}");
            }
        }
    }

    private void send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(REQUEST)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(
                    "the registry refused %s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
    }
}
