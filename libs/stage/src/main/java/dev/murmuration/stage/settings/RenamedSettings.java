package dev.murmuration.stage.settings;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Refuses a setting under a name of an earlier version and says what it is called now. Without that, an old name in the
 * environment would be ignored and the default used. Each module lists its own renamed settings in
 * {@code META-INF/renamed-settings.properties}, old name = new name.
 */
@ApplicationScoped
public class RenamedSettings {

    private static final String LISTS = "META-INF/renamed-settings.properties";

    void check(@Observes @Priority(0) StartupEvent event) {
        check(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class));
    }

    /**
     * Checks that no setting is given under its old name.
     *
     * @param setting the value of a setting, by its name
     * @throws SettingException naming every old name and the new one
     */
    public static void check(Function<String, Optional<String>> setting) {
        List<SettingException> problems = new ArrayList<>();
        newNames()
                .forEach((oldName, newName) -> setting.apply(oldName)
                        .ifPresent(value -> problems.add(new SettingException(
                                oldName, value, "this setting is called %s now".formatted(newName)))));
        if (!problems.isEmpty()) {
            throw SettingException.all(problems);
        }
    }

    /** What to add to a message that mentions a setting by its old name; empty if it mentions none. */
    static String hint(String message) {
        StringBuilder hint = new StringBuilder();
        newNames().forEach((oldName, newName) -> {
            if (message.contains(oldName)) {
                hint.append(" (%s is called %s now)".formatted(oldName, newName));
            }
        });
        return hint.toString();
    }

    private static Map<String, String> newNames() {
        Map<String, String> names = new TreeMap<>();
        try {
            for (URL list :
                    Collections.list(RenamedSettings.class.getClassLoader().getResources(LISTS))) {
                Properties module = new Properties();
                try (InputStream in = list.openStream()) {
                    module.load(in);
                }
                module.stringPropertyNames().forEach(name -> names.put(name, module.getProperty(name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
