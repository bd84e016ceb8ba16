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
     * @throws Failure naming each wrong setting
     */
    public static Site site(Settings settings) {
        return settings.read(reader -> {
            timeout(reader); // So that one message has all that is wrong.
            StoreAddress store = new StoreAddress(
                    reader.address("s3.endpoint", "http://localhost:9000"),
                    reader.text("s3.region", "us-east-1"),
                    reader.text("s3.access-key", "murmuration"),
                    reader.text("s3.secret-key", "murmuration"),
                    reader.text("s3.bucket", "murmuration"),
                    trust(reader, "s3.certificates"));
            return new Site(kafka(settings), registry(reader), store, topics(reader));
        });
    }

    /** Settings of Kafka's clients; by default for the broker of `up`. */
    public static Map<String, Object> kafka(Settings settings) {
        Map<String, Object> kafka = settings.kafka();
        kafka.putIfAbsent(SERVERS, "localhost:9092");
        return kafka;
    }

    private static RegistryAddress registry(SettingsReader reader) {
        return new RegistryAddress(
                reader.address("registry.url", "http://localhost:8080/apis/registry/v3"),
                reader.given("registry.username"),
                reader.given("registry.password"),
                trust(reader, "registry.certificates"));
    }

    /**
     * How events are decoded: with the serdes and the access that the services have.
     *
     * @throws Failure naming each wrong setting
     */
    public static RegistrySettings schemas(Settings settings) {
        RegistryAddress address = settings.read(SiteSettings::registry);
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
     * @throws Failure if it is wrong
     */
    public static Duration timeout(Settings settings) {
        return settings.read(SiteSettings::timeout);
    }

    private static Duration timeout(SettingsReader reader) {
        return reader.duration("platform.timeout", Duration.ofMinutes(2));
    }

    private static TopicPlan topics(SettingsReader reader) {
        return new TopicPlan(
                reader.choice("platform.topics", "create", "await").equals("create"),
                reader.whole("platform.partitions", 2, 1, 1000),
                reader.whole("platform.replication", 1, 1, 100),
                reader.duration("platform.retention", Duration.ofDays(7)));
    }

    private static Optional<Trust> trust(SettingsReader reader, String name) {
        Optional<String> pem = reader.given(name);
        try {
            return pem.isEmpty() ? Optional.empty() : Optional.of(Trust.with(Path.of(pem.get())));
        } catch (IOException e) {
            return reader.wrong(
                    name, pem.get(), "contains no certificates in PEM: " + e.getMessage(), Optional.empty());
        }
    }
}
