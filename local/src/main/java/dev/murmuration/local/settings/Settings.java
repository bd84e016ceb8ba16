package dev.murmuration.local.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/** Settings of the launcher: the environment before `config/platform.properties` before the defaults. */
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
     * Settings of Kafka's clients, by their own names: {@code kafka.sasl.mechanism} in the file, KAFKA_SASL_MECHANISM in the environment. From the environment only those that a
     * client supports, since Kafka's own images set others with this prefix.
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
     * A whole number.
     *
     * @throws Failure if it is not a number or out of range; the message names the setting and the range
     */
    public int whole(String name, int otherwise, int least, int most) {
        String text = text(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the range.
        }
        throw Failure.setting(name, text, "must be a whole number from %d to %d".formatted(least, most));
    }

    /**
     * A TCP port.
     *
     * @throws Failure if it is not from 1 to 65535
     */
    public int port(String name, int otherwise) {
        return whole(name, otherwise, 1, 65535);
    }

    /**
     * A positive duration, written as {@code 30s}, {@code 7d} or ISO 8601.
     *
     * @throws Failure if it is neither
     */
    public Duration duration(String name, Duration otherwise) {
        String text = text(name, otherwise.toString());
        try {
            Duration value = parsed(text);
            if (value.isPositive()) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Reported below, with an example.
        }
        throw Failure.setting(name, text, "must be a duration longer than nothing, for example 30s, 7d or PT30S");
    }

    /** ISO 8601, or as in the services' settings: 30s, 5m, 12h, 7d. */
    private static Duration parsed(String text) {
        if (text.matches("\\d+d")) {
            return Duration.parse("P" + text);
        }
        return Duration.parse(text.matches("\\d.*") ? "PT" + text : text);
    }
}
