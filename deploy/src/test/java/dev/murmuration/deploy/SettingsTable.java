package dev.murmuration.deploy;

import dev.murmuration.schemas.Topics;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * docs/settings.md, made of the interfaces of the settings: names and defaults from the compiled code, what they mean from its comments.
 * {@link SettingsTest} fails while the file is not that.
 */
final class SettingsTable {

    static final String PATH = "docs/settings.md";

    static final List<String> SHARED = List.of(
            "dev.murmuration.stage.store.StoreSettings",
            "dev.murmuration.stage.store.StoreAccess",
            "dev.murmuration.stage.RegistryConfig",
            "dev.murmuration.stage.BrokerSettings",
            "dev.murmuration.stage.TopicSettings",
            "dev.murmuration.stage.GpuSettings",
            "dev.murmuration.stage.commit.TransactionSettings",
            "dev.murmuration.stage.http.HttpSettings",
            "dev.murmuration.stage.trace.TracingSettings");

    private static final List<Path> SOURCES = Stream.of("libs", "services", "console")
            .flatMap(folder -> Repository.files(folder, ".java").stream())
            .toList();

    private SettingsTable() {}

    /** Writes the file anew. */
    static void write() throws IOException {
        Files.writeString(Repository.path(PATH), markdown());
    }

    static String markdown() {
        StringBuilder text = new StringBuilder(Repository.text("deploy/src/test/resources/settings.head.md"));
        text.append("\n## All services\n");
        table(text, SHARED);
        for (String service : Topics.SERVICES) {
            text.append("\n## ").append(service).append('\n');
            table(text, List.of(Service.settingsOf(service)));
        }
        text.append("\n## console\n");
        table(text, List.of(Service.settingsOf(Service.CONSOLE)));
        return text.toString();
    }

    /** Every setting of these interfaces with its row. */
    static Map<String, String> rows(List<String> mappings) {
        Map<String, String> rows = new TreeMap<>();
        for (String mapping : mappings) {
            Class<?> type = Service.type(mapping);
            String prefix = type.getAnnotation(ConfigMapping.class).prefix();
            Map<String, Property> properties =
                    ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(type, prefix));
            properties.forEach((name, property) -> {
                Method method = property.getMethod();
                rows.put(
                        name,
                        "| `%s` | %s | %s | %s |"
                                .formatted(
                                        name,
                                        kind(method),
                                        value(method),
                                        comment(method).orElse("")));
            });
        }
        // A list may be written in one line or place by place: once is enough.
        rows.keySet().removeIf(name -> name.endsWith("[*]") && rows.containsKey(name.replaceFirst("\\[\\*]$", "")));
        return rows;
    }

    private static void table(StringBuilder text, List<String> mappings) {
        text.append("\n| setting | type | default | is |\n|---|---|---|---|\n");
        rows(mappings).values().forEach(row -> text.append(row).append('\n'));
    }

    private static String value(Method method) {
        WithDefault value = method.getAnnotation(WithDefault.class);
        return value == null ? "" : "`" + value.value() + "`";
    }

    /** The type without packages; an enum by the values that it allows. */
    private static String kind(Method method) {
        String kind = name(method.getGenericReturnType());
        Matcher optional = Pattern.compile("optional<(.*)>").matcher(kind);
        String bare = optional.matches() ? optional.group(1) : kind.replaceFirst("^optional(?=[a-z])", "");
        return bare.replace("<", "\\<").replaceAll("\\binteger\\b", "int");
    }

    private static String name(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Stream.of(generic.getActualTypeArguments())
                    .map(SettingsTable::name)
                    .collect(Collectors.joining(", ", name(generic.getRawType()) + "<", ">"));
        }
        Class<?> plain = (Class<?>) type;
        return plain.isEnum()
                ? Stream.of(plain.getDeclaredFields())
                        .filter(Field::isEnumConstant)
                        .map(value -> "`" + hyphenated(value.getName()) + "`")
                        .collect(Collectors.joining(" or "))
                : plain.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String hyphenated(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The comment above the method in the source of its interface, on one line. */
    static Optional<String> comment(Method method) {
        Class<?> type = method.getDeclaringClass();
        String source = Repository.text(source(type));
        Matcher declared =
                Pattern.compile("\\binterface " + type.getSimpleName() + "\\b").matcher(source);
        if (!declared.find()) {
            return Optional.empty();
        }
        // Between the comment and the name: annotations and the type.
        Matcher above = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/(?:(?!/\\*\\*)[^;])*?\\b" + method.getName() + "\\(\\);")
                .matcher(source);
        return above.find(declared.end()) ? Optional.of(plain(above.group(1))) : Optional.empty();
    }

    private static Path source(Class<?> type) {
        String file = type.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
        return SOURCES.stream()
                .filter(path -> path.endsWith(file))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no source of " + type));
    }

    private static String plain(String comment) {
        return comment.replaceAll("\\n\\s*\\*", " ")
                .replaceAll("\\{@(?:code|link|linkplain) ([^}]*)}", "`$1`")
                .replaceAll("</?p>", "")
                .replace("|", "\\|")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** Names and meanings of what has no comment, for the test. */
    static Map<String, String> withoutComment() {
        Map<String, String> missing = new LinkedHashMap<>();
        for (String mapping : Stream.concat(Topics.SERVICES.stream(), Stream.of(Service.CONSOLE))
                .map(Service::settingsOf)
                .toList()) {
            rows(List.of(mapping)).forEach((name, row) -> {
                if (row.endsWith("|  |")) {
                    missing.put(name, row);
                }
            });
        }
        return missing;
    }
}
