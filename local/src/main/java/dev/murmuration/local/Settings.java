package dev.murmuration.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Settings of the launcher: the environment before `config/platform.properties` before the defaults. */
final class Settings {

    private final Map<String, String> environment;
    private final Properties file;

    Settings(Map<String, String> environment, Properties file) {
        this.environment = environment;
        this.file = file;
    }

    /** What this process was given. */
    static Settings of(Path root) {
        Path path = root.resolve("config/platform.properties");
        Properties file = new Properties();
        if (Files.exists(path)) {
            try (Reader reader = Files.newBufferedReader(path)) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException unreadable) {
                throw new Failure("cannot read " + path + ": " + unreadable.getMessage(), Failure.WRONG_SETTING);
            }
        }
        return new Settings(System.getenv(), file);
    }

    /** The environment variable of a setting: MicroProfile's rule. */
    static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    String text(String name, String otherwise) {
        String given = environment.get(variable(name));
        return given != null ? given : file.getProperty(name, otherwise).strip();
    }

    int whole(String name, int otherwise, int least, int most) {
        String text = text(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            // Said below, with the range.
        }
        throw Failure.setting(name, text, "must be a whole number from %d to %d".formatted(least, most));
    }

    int port(String name, int otherwise) {
        return whole(name, otherwise, 1, 65535);
    }

    Duration duration(String name, Duration otherwise) {
        String text = text(name, otherwise.toString());
        try {
            Duration value = Duration.parse(text);
            if (value.isPositive()) {
                return value;
            }
        } catch (DateTimeParseException noDuration) {
            // Said below, with an example.
        }
        throw Failure.setting(name, text, "must be a duration longer than nothing, for example PT30S or P7D");
    }
}
