package dev.murmuration.local.platform;

import dev.murmuration.schemas.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Waits until the servers answer, then creates topics, schemas and bucket. Idempotent. */
public final class ClusterSetup {

    private static final Duration MAX_START = Duration.ofMinutes(5);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final Site site;
    private final Duration timeout;
    private final Consumer<String> say;
    private final Consumer<String> waiting;

    /** Of the platform with these settings. */
    public ClusterSetup(PlatformSettings settings) {
        this(settings.site(), MAX_START, line -> {});
    }

    /**
     * Of any cluster.
     *
     * @param timeout how long each of broker, registry and store is waited for
     * @param say receives a line for everything that was created
     */
    public ClusterSetup(Site site, Duration timeout, Consumer<String> say) {
        this(site, timeout, say, what -> {});
    }

    private ClusterSetup(Site site, Duration timeout, Consumer<String> say, Consumer<String> waiting) {
        this.site = site;
        this.timeout = timeout;
        this.say = say;
        this.waiting = waiting;
    }

    /** As above, reporting what is waited for next. */
    public ClusterSetup whichTells(Consumer<String> waiting) {
        return new ClusterSetup(site, timeout, say, waiting);
    }

    /**
     * Returns when a service can start.
     *
     * @param failure why waiting has become useless, as one line; empty while it has not
     * @throws PlatformException if one did not start within the timeout, ended, or has incompatible content
     */
    public void run(Supplier<Optional<String>> failure) {
        SchemaSetup schemas = new SchemaSetup(site.registry());
        try (Bucket bucket = new Bucket(site.store())) {
            await("the object store at " + site.store().endpoint(), () -> makeBucket(bucket), failure);
        }
        await("the broker at " + site.broker(), this::makeTopics, failure);
        await("the registry at " + site.registry().url(), schemas::requireReady, failure);
        await(
                "the registration of schemas at " + site.registry().url(),
                () -> say.accept("schemas: registered " + String.join(", ", schemas.register())),
                failure);
    }

    /** Creates the missing topics of a relabelling. */
    public void makeTopicsOf(TopicNames names) {
        try (Admin admin = admin()) {
            TopicSetup.create(admin, site.topics(), names);
        } catch (ExecutionException e) {
            throw new PlatformException("the broker did not create the topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while the topics were created", e);
        }
    }

    /** Empties every topic of the pipeline, for a test that must see only its own records. Consumers and producers must be closed. */
    public void recreateTopics() {
        try (Admin admin = admin()) {
            TopicSetup.recreate(admin, site.topics());
        } catch (ExecutionException e) {
            throw new PlatformException("the broker did not recreate the topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while the topics were recreated", e);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private void await(String what, Step step, Supplier<Optional<String>> failure) {
        waiting.accept(what);
        Instant last = Instant.now().plus(timeout);
        while (true) {
            try {
                step.run();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PlatformException("interrupted while waiting for " + what, e);
            } catch (PlatformException e) {
                throw e;
            } catch (Exception e) {
                failure.get().ifPresent(line -> {
                    throw new PlatformException(line, e);
                });
                if (Instant.now().isAfter(last)) {
                    throw new PlatformException(
                            "%s was not ready within %d s: %s".formatted(what, timeout.toSeconds(), cause(e)), e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The human-readable cause instead of the failure of a future. */
    private static String cause(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private void makeBucket(Bucket bucket) throws IOException {
        say.accept("bucket %s: %s".formatted(site.store().bucket(), bucket.make() ? "made" : "is there"));
    }

    private void makeTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            List<String> made = TopicSetup.create(admin, site.topics());
            say.accept("topics: " + (made.isEmpty() ? "all are there" : "made " + String.join(", ", made)));
        }
    }

    private Admin admin() {
        Map<String, Object> config = new HashMap<>(site.kafka());
        config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
        config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "15000");
        return Admin.create(config);
    }
}
