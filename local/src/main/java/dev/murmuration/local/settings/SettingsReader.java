package dev.murmuration.local.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/** Reads settings and checks them. Where one is wrong it continues with the default, so that all wrong ones are in one message. */
public final class SettingsReader {

    private static final String RENAMED = "/META-INF/renamed-settings.properties";

    private final Settings settings;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Settings settings) {
        this.settings = settings;
    }

    /** The value of a setting, or the default. */
    public String text(String name, String otherwise) {
        return settings.text(name, otherwise);
    }

    /** The value of a setting that is present and not empty. */
    public Optional<String> given(String name) {
        return settings.given(name);
    }

    /** A whole number from {@code min} to {@code max}. */
    public int whole(String name, int otherwise, int min, int max) {
        String text = text(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the range.
        }
        return wrong(name, text, "must be a whole number from %d to %d".formatted(min, max), otherwise);
    }

    /** A TCP port, from 1 to 65535. */
    public int port(String name, int otherwise) {
        return whole(name, otherwise, 1, 65535);
    }

    /** A positive duration, written as in the services: {@code 500ms}, {@code 30s}, {@code 7d}, a number of seconds, or ISO 8601. */
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
        return wrong(name, text, "must be a positive duration, for example 30s, 7d or PT30S", otherwise);
    }

    private static Duration parsed(String text) {
        if (text.matches("\\d{1,15}(ms)?")) {
            long number = Long.parseLong(text.replace("ms", ""));
            return text.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
        }
        if (text.matches("\\d+d")) {
            return Duration.parse("P" + text);
        }
        return Duration.parse(text.matches("\\d.*") ? "PT" + text : text);
    }

    /** The address of an HTTP server. */
    public String address(String name, String otherwise) {
        String address = text(name, otherwise);
        return address.matches("https?://[^\\s/]+.*")
                ? address
                : wrong(name, address, "must be an address that starts with http:// or https://", otherwise);
    }

    /** One of these words; the first is the default. */
    public String choice(String name, String... words) {
        String word = text(name, words[0]);
        return List.of(words).contains(word)
                ? word
                : wrong(name, word, "must be " + String.join(" or ", words), words[0]);
    }

    /** Adds a problem and returns the value to continue with. */
    public <T> T wrong(String name, String value, String problem, T otherwise) {
        problems.add(Failure.wrongSetting(name, value, problem));
        return otherwise;
    }

    /**
     * Ends the reading.
     *
     * @throws Failure if a setting was wrong or has the name of an earlier version
     */
    void close() {
        Properties renamed = renamed();
        for (String oldName : new TreeSet<>(renamed.stringPropertyNames())) {
            String problem = "this setting is called %s now".formatted(renamed.getProperty(oldName));
            given(oldName).ifPresent(value -> wrong(oldName, value, problem, value));
        }
        if (!problems.isEmpty()) {
            throw Failure.wrongSettings(problems);
        }
    }

    private static Properties renamed() {
        Properties names = new Properties();
        try (InputStream list = Objects.requireNonNull(SettingsReader.class.getResourceAsStream(RENAMED), RENAMED)) {
            names.load(list);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
