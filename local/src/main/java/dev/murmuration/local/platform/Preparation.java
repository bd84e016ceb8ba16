package dev.murmuration.local.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Waits until the servers answer, then makes topics, schemas and bucket. Idempotent. */
public final class Preparation {

    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final PlatformSettings settings;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Of the platform with these settings. */
    public Preparation(PlatformSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns when a service can start.
     *
     * @param failure why waiting is of no use any more, as one line; empty as long as it is
     * @throws PlatformException one did not come up within 120 s, or ended
     */
    public void run(Supplier<Optional<String>> failure) {
        await("the object store", this::makeBucket, failure);
        await("the broker", this::makeTopics, failure);
        await("the registry", this::registryReady, failure);
        try {
            new SchemaSetup(settings).register();
        } catch (IOException refused) {
            throw new PlatformException(
                    refused.getMessage() == null ? "the registry failed" : refused.getMessage(), refused);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while the schemas were registered", hurried);
        }
    }

    /** Empties every topic of the pipeline, for a test that must see only its own records. Consumers and producers must be closed. */
    public void recreateTopics() {
        try (Admin admin = admin()) {
            TopicSetup.recreate(admin, settings);
        } catch (ExecutionException refused) {
            throw new PlatformException("the broker did not recreate the topics: " + refused.getMessage(), refused);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while the topics were recreated", hurried);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void await(String what, Step step, Supplier<Optional<String>> failure) {
        Instant last = Instant.now().plus(LONGEST_START);
        while (true) {
            try {
                step.run();
                return;
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
                throw new PlatformException("interrupted while waiting for " + what, hurried);
            } catch (Exception notYet) {
                failure.get().ifPresent(line -> {
                    throw new PlatformException(line, notYet);
                });
                if (Instant.now().isAfter(last)) {
                    throw new PlatformException(
                            "%s did not answer within %d s: %s".formatted(what, LONGEST_START.toSeconds(), notYet),
                            notYet);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeBucket() throws IOException {
        try (Bucket bucket = new Bucket(settings)) {
            bucket.make();
        }
    }

    private void makeTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            TopicSetup.create(admin, settings);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "200"));
    }

    private void registryReady() throws IOException, InterruptedException {
        URI subjects = URI.create("http://localhost:" + settings.registryPort() + "/apis/ccompat/v7/subjects");
        HttpResponse<Void> answer = http.send(
                HttpRequest.newBuilder(subjects).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
            throw new IOException("GET subjects says " + answer.statusCode());
        }
    }
}
