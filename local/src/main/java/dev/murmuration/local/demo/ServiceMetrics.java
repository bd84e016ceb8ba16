package dev.murmuration.local.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Asks a service for its Prometheus metrics. */
public final class ServiceMetrics {

    private static final Duration LONGEST = Duration.ofMillis(500);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LONGEST)
            .build();

    /** Values by metric name, summed over labels; empty if the service does not answer at once. */
    public Map<String, Double> of(int port) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/metrics"))
                    .timeout(LONGEST)
                    .header("Accept", "text/plain")
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? parse(answer.body()) : Map.of();
        } catch (IOException e) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    static Map<String, Double> parse(String exposition) {
        Map<String, Double> values = new HashMap<>();
        exposition
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> {
                    int brace = line.indexOf('{');
                    int afterLabels = brace < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
                    String name = line.substring(0, brace < 0 ? afterLabels : brace);
                    String value = line.substring(afterLabels).strip().split(" ", -1)[0];
                    try {
                        values.merge(name, Double.parseDouble(value), Double::sum);
                    } catch (NumberFormatException e) {
                        // Prometheus spells +Inf and NaN differently; such metrics are not used here.
                    }
                });
        return values;
    }
}
