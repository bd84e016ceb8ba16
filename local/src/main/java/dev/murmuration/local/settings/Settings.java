package dev.murmuration.local.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the launcher: the environment before `config/platform.properties` before the defaults. They are few and read in
 * JVMs that live for a second, so this class reads them without SmallRye Config; names, forms and messages are those of the
 * services (docs/adr/0032).
 */
public final class Settings {

    private static final String KAFKA = "kafka.";

    private final Map<String, String> environment;
    private final Properties file;

    /** Settings from this environment and, with lower priority, from this file. */
    public Settings(Map<String, String> environment, Properties file) {
        this.environment = environment;
        this.file = file;
    }

    /** The settings of this process. */
    public static Settings of(Path root) {
        Path path = root.resolve("config/platform.properties");
        return new Settings(System.getenv(), Files.exists(path) ? load(path) : new Properties());
    }

    /** The settings of a command that works on any cluster: the environment before this file, if there is one. */
    public static Settings anywhere(@Nullable Path file) {
        return new Settings(System.getenv(), file == null ? new Properties() : load(file));
    }

    private static Properties load(Path path) {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            file.load(reader);
            return file;
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("cannot read " + path + ": " + e, Failure.WRONG_SETTING);
        }
    }

    /** The environment variable of a setting: MicroProfile's rule. */
    static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** The value of a setting, or the default. */
    public String text(String name, String otherwise) {
        String given = environment.get(variable(name));
        return given != null ? given : file.getProperty(name, otherwise).strip();
    }

    /** The value of a setting that is present and not empty. */
    public Optional<String> given(String name) {
        return Optional.of(text(name, "")).filter(text -> !text.isEmpty());
    }

    /**
     * Settings of Kafka's clients, by their own names: {@code kafka.sasl.mechanism} in the file, KAFKA_SASL_MECHANISM in the
     * environment. From the environment only those that a client supports, since Kafka's own images set others with this prefix.
     */
    public Map<String, Object> kafka() {
        Map<String, Object> all = new HashMap<>();
        file.stringPropertyNames().stream()
                .filter(name -> name.startsWith(KAFKA))
                .forEach(name -> all.put(
                        name.substring(KAFKA.length()), file.getProperty(name).strip()));
        Stream.concat(AdminClientConfig.configNames().stream(), ConsumerConfig.configNames().stream())
                .forEach(name -> {
                    String variable = environment.get(variable(KAFKA + name));
                    if (variable != null) {
                        all.put(name, variable);
                    }
                });
        return all;
    }

    /**
     * Reads settings that belong together.
     *
     * @param part makes what they are needed for
     * @throws Failure with a line for each wrong setting
     */
    public <T> T read(Function<SettingsReader, T> part) {
        SettingsReader reader = new SettingsReader(this);
        T made = part.apply(reader);
        reader.close();
        return made;
    }
}
