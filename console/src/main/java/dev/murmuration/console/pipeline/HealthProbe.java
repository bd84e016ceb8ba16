package dev.murmuration.console.pipeline;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks services whether they are alive and ready. */
public final class HealthProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, URI> services;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /**
     * Asks these services.
     *
     * @param services base address by the service's name
     */
    public HealthProbe(Map<String, URI> services) {
        this.services = Map.copyOf(services);
    }

    /** What this service says now. */
    public Health of(String service) {
        @Nullable URI base = services.get(service);
        if (base == null) {
            return Health.UNKNOWN;
        }
        int live = status(base, "/q/health/live");
        return Health.of(live, live == 200 ? status(base, "/q/health/ready") : 0);
    }

    private int status(URI base, String path) {
        try {
            URI address = URI.create(base.toString().replaceFirst("/+$", "") + path);
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
