package dev.murmuration.stage;

import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.settings.RenamedSettings;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.settings.SettingsValidator;
import dev.murmuration.stage.settings.WrongSettings;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoreAccess;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** The settings of a command: those of the service that brings it, read from the same places without starting the service. */
public final class CommandSettings {

    private static final String KAFKA = "kafka.";

    private CommandSettings() {}

    /** Where a command's settings come from: system properties, the environment, and the files of {@code smallrye.config.locations}. */
    public static SmallRyeConfigBuilder sources() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredSources();
    }

    /**
     * Reads the settings that all stages share, and those of the given mappings.
     *
     * @throws SettingException naming all that are wrong or given under an old name
     */
    public static SmallRyeConfig read(SmallRyeConfigBuilder sources, Class<?>... mappings) {
        sources.addDiscoveredConverters()
                .withValidator(new SettingsValidator())
                .withMapping(StoreSettings.class)
                .withMapping(StoreAccess.class)
                .withMapping(RegistryConfig.class)
                .withMappingIgnore("**");
        for (Class<?> mapping : mappings) {
            sources.withMapping(mapping);
        }
        SmallRyeConfig config = build(sources);
        RenamedSettings.check(name -> config.getOptionalValue(name, String.class));
        return config;
    }

    private static SmallRyeConfig build(SmallRyeConfigBuilder sources) {
        try {
            return sources.build();
        } catch (ConfigValidationException e) {
            throw SettingException.of(WrongSettings.in(e));
        }
    }

    /** The object store of these settings; nothing is sent yet. */
    public static ObjectStore store(SmallRyeConfig config) {
        return new ObjectStore(
                config.getConfigMapping(StoreSettings.class),
                StoreAccess.trust(config.getConfigMapping(StoreAccess.class)));
    }

    /** The registry of these settings, or of those of a running service. */
    public static RegistrySettings registry(Config config) {
        RegistryConfig registry = config.unwrap(SmallRyeConfig.class).getConfigMapping(RegistryConfig.class);
        return registry(registry, registry.timeout());
    }

    /** The same with another timeout. */
    public static RegistrySettings registry(Config config, Duration timeout) {
        return registry(config.unwrap(SmallRyeConfig.class).getConfigMapping(RegistryConfig.class), timeout);
    }

    private static RegistrySettings registry(RegistryConfig registry, Duration timeout) {
        return new RegistrySettings(
                registry.url(), registry.serializer(), registry.deserializer(), timeout, Connections.access(registry));
    }

    /** Settings of Kafka's clients, by their own names; the broker of {@code ./murmuration up} where none is given. */
    public static Map<String, Object> kafka(Config config) {
        Map<String, Object> kafka = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(KAFKA)) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> kafka.put(name.substring(KAFKA.length()), value));
            }
        }
        kafka.put(
                "bootstrap.servers",
                config.getOptionalValue("kafka.bootstrap.servers", String.class).orElse("localhost:9092"));
        return kafka;
    }
}
