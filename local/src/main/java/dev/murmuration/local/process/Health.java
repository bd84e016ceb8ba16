package dev.murmuration.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Where a program says how it is, as MicroProfile Health has it.
 *
 * @param ready answers 200 once the program works
 * @param live answers 200 as long as a restart would not help
 */
public record Health(URI ready, URI live) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** Whether it works. */
    boolean isReady() throws InterruptedException {
        return problem(ready).isEmpty();
    }

    /** Why it should be restarted; empty if it is alive. */
    Optional<String> illness() throws InterruptedException {
        return problem(live);
    }

    private static Optional<String> problem(URI asked) throws InterruptedException {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(asked).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Optional.empty()
                    : Optional.of("its liveness check says %d%s".formatted(answer.statusCode(), down(answer.body())));
        } catch (IOException e) {
            return Optional.of("its liveness check does not answer");
        }
    }

    /** The checks that are down, with their data. */
    static String down(String body) {
        try {
            JsonNode checks = JSON.readTree(body).path("checks");
            String named = StreamSupport.stream(checks.spliterator(), false)
                    .filter(check -> !check.path("status").asText().equals("UP"))
                    .map(check -> check.path("name").asText() + (check.has("data") ? " " + check.path("data") : ""))
                    .collect(Collectors.joining(", "));
            return named.isEmpty() ? "" : ": " + named.substring(0, Math.min(named.length(), LONGEST_REASON));
        } catch (IOException e) {
            return "";
        }
    }
}
