package dev.murmuration.local.settings;

import dev.murmuration.cluster.Trust;
import dev.murmuration.local.platform.RegistryAddress;
import dev.murmuration.local.platform.Site;
import dev.murmuration.local.platform.StoreAddress;
import dev.murmuration.local.platform.TopicPlan;
import dev.murmuration.schemas.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The address of a cluster, from the same settings as the services'. */
public final class SiteSettings {

    private static final String SERVERS = "bootstrap.servers";

    private SiteSettings() {}

    /**
     * Everything that `prepare` needs.
     *
     * @throws Failure naming the wrong setting
     */
    public static Site site(Settings settings) {
        StoreAddress store = new StoreAddress(
                address(settings, "s3.endpoint", "http://localhost:9000"),
                settings.text("s3.region", "us-east-1"),
                settings.text("s3.access-key", "murmuration"),
                settings.text("s3.secret-key", "murmuration"),
                settings.text("s3.bucket", "murmuration"),
                trust(settings, "s3.certificates"));
        return new Site(kafka(settings), registry(settings), store, topics(settings));
    }

    /** Settings of Kafka's clients; by default for the broker of `up`. */
    public static Map<String, Object> kafka(Settings settings) {
        Map<String, Object> kafka = settings.kafka();
        kafka.putIfAbsent(SERVERS, "localhost:9092");
        return kafka;
    }

    static RegistryAddress registry(Settings settings) {
        return new RegistryAddress(
                address(settings, "registry.url", "http://localhost:8080/apis/registry/v3"),
                settings.given("registry.username"),
                settings.given("registry.password"),
                trust(settings, "registry.certificates"));
    }

    /** How events are decoded: with the serdes and the access that the services have. */
    public static RegistrySettings schemas(Settings settings) {
        RegistryAddress address = registry(settings);
        return new RegistrySettings(
                address.url(),
                settings.text("registry.serializer", RegistrySettings.APICURIO_SERIALIZER),
                settings.text("registry.deserializer", RegistrySettings.APICURIO_DESERIALIZER),
                Duration.ofSeconds(10),
                RegistrySettings.access(
                        address.username(),
                        address.password(),
                        settings.given("registry.certificates").map(Path::of)));
    }

    /**
     * The timeout for each server.
     *
     * @throws Failure if it is given under its old name
     */
    public static Duration timeout(Settings settings) {
        settings.given("platform.patience").ifPresent(value -> {
            throw Failure.setting("platform.patience", value, "this setting is called platform.timeout now");
        });
        return settings.duration("platform.timeout", Duration.ofMinutes(2));
    }

    private static TopicPlan topics(Settings settings) {
        String topics = settings.text("platform.topics", "create");
        if (!topics.equals("create") && !topics.equals("await")) {
            throw Failure.setting("platform.topics", topics, "must be create or await");
        }
        return new TopicPlan(
                topics.equals("create"),
                settings.whole("platform.partitions", 2, 1, 1000),
                settings.whole("platform.replication", 1, 1, 100),
                settings.duration("platform.retention", Duration.ofDays(7)));
    }

    private static String address(Settings settings, String name, String otherwise) {
        String address = settings.text(name, otherwise);
        if (!address.matches("https?://[^\\s/]+.*")) {
            throw Failure.setting(name, address, "must be an address that begins with http:// or https://");
        }
        return address;
    }

    private static Optional<Trust> trust(Settings settings, String name) {
        Optional<String> pem = settings.given(name);
        try {
            return pem.isEmpty() ? Optional.empty() : Optional.of(Trust.with(Path.of(pem.get())));
        } catch (IOException e) {
            throw Failure.setting(name, pem.get(), "holds no certificates in PEM: " + e.getMessage());
        }
    }
}
