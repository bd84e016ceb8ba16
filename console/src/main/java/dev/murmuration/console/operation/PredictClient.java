package dev.murmuration.console.operation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the evaluator what the student says of a photo. */
public final class PredictClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The evaluator's answer.
     *
     * @param model name of the student that answered; null if none did
     * @param photos one, or none with a problem
     * @param problem why there is no answer; null with one
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Answer(
            @Nullable String model,
            @Nullable List<Scores> photos,
            @Nullable String problem) {

        static Answer problem(String problem) {
            return new Answer(null, List.of(), problem);
        }
    }

    /**
     * The student's probabilities.
     *
     * @param negative null where the photo cannot be shown
     * @param neutral likewise
     * @param positive likewise
     * @param label the most probable class
     * @param problem why the photo cannot be shown; null where it can
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Scores(
            @Nullable Double negative,
            @Nullable Double neutral,
            @Nullable Double positive,
            @Nullable String label,
            @Nullable String problem) {}

    private final @Nullable URI evaluator;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** Asks the evaluator at this base address; none answers with a problem. */
    public PredictClient(@Nullable URI evaluator) {
        this.evaluator = evaluator;
    }

    /** Where photos go; empty where no evaluator is known. */
    public String address() {
        return evaluator == null ? "" : evaluator.toString().replaceFirst("/+$", "") + "/predict";
    }

    /** What the student says. */
    public Answer ask(byte[] photo) {
        if (evaluator == null) {
            return Answer.problem("console.services.evaluator is not set");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(address()))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(photo))
                .build();
        try {
            return JSON.readValue(
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body(), Answer.class);
        } catch (IOException e) {
            return Answer.problem("the evaluator at %s does not answer: %s".formatted(address(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.problem("interrupted");
        }
    }
}
