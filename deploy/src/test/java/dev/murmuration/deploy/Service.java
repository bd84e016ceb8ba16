package dev.murmuration.deploy;

import dev.murmuration.schemas.Topic;
import dev.murmuration.schemas.Topics;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service, or the console, as its code describes it: its application.properties and the interfaces of its settings. */
record Service(String name, Properties application, Set<String> settings) {

    /** What a deployment may set of Quarkus itself. */
    private static final Set<String> OF_QUARKUS = Set.of("quarkus.http.port", "quarkus.http.host", "quarkus.log.level");

    /** The web console, which is no stage: it reads and writes nothing. */
    static final String CONSOLE = "console";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}:]+)(?::([^${}]*))?}");

    private static final Map<String, Service> ALL = new TreeMap<>();

    static {
        Topics.SERVICES.forEach(name -> ALL.put(name, read(name)));
        ALL.put(CONSOLE, read(CONSOLE));
    }

    static Service of(String name) {
        Service service = ALL.get(name);
        if (service == null) {
            throw new IllegalArgumentException("no service " + name);
        }
        return service;
    }

    private static Service read(String name) {
        Properties application = Repository.properties(folder(name) + "/src/main/resources/application.properties");
        Set<String> settings = new TreeSet<>(OF_QUARKUS);
        settings.add("instance.name");
        Stream.concat(Stream.of(settingsOf(name)), SettingsTable.SHARED.stream())
                .forEach(mapping -> settings.addAll(settings(mapping)));
        return new Service(name, application, settings);
    }

    private static String folder(String name) {
        return name.equals(CONSOLE) ? name : "services/" + name;
    }

    /** Its module, from the root of the repository. */
    String folder() {
        return folder(name);
    }

    /** The interface of a service's own settings, in whichever of its packages it is. */
    static String settingsOf(String name) {
        String file = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Settings.java";
        String path = Repository.files(folder(name) + "/src/main/java", ".java").stream()
                .filter(source -> source.endsWith(file))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + file + " in " + folder(name)))
                .toString();
        return path.substring(path.indexOf("dev/murmuration/"), path.length() - ".java".length())
                .replace('/', '.');
    }

    private static Set<String> settings(String mapping) {
        Class<?> type = type(mapping);
        String prefix = type.getAnnotation(ConfigMapping.class).prefix();
        return ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(type, prefix))
                .keySet();
    }

    static Class<?> type(String mapping) {
        try {
            return Class.forName(mapping);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException("the settings " + mapping + " are not on the class path", missing);
        }
    }

    /** The service that a job runs, by its image. */
    static Service ofJob(Keda.ScaledJob job) {
        String image = job.spec()
                .jobTargetRef()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        return of(image.replaceFirst("^.*/", "").replaceFirst(":.*$", ""));
    }

    int port() {
        return Integer.parseInt(application.getProperty("quarkus.http.port"));
    }

    /** Whether the service reads a setting of this name. */
    boolean accepts(String property) {
        return property.startsWith("kafka.")
                || settings.stream()
                        .anyMatch(known -> pattern(known).matcher(property).matches());
    }

    /** Whether the service reads an environment variable of this name. */
    boolean acceptsVariable(String variable) {
        return variable.startsWith("KAFKA_")
                || variable.equals("JDK_JAVA_OPTIONS")
                || settings.stream()
                        .anyMatch(known ->
                                variablePattern(known).matcher(variable).matches());
    }

    /** A key of a map is any name, the place in a list any number. */
    private static Pattern pattern(String known) {
        return Pattern.compile(
                Pattern.quote(known).replace("*", "\\E[^.]+\\Q").replace("[\\E[^.]+\\Q]", "\\E(\\[\\d+])?\\Q"));
    }

    /** As MicroProfile Config writes a name in the environment: what is no letter and no digit is an underscore. */
    private static Pattern variablePattern(String known) {
        StringBuilder pattern = new StringBuilder();
        for (String part : known.replace("[*]", "").split("\\*", -1)) {
            pattern.append(pattern.isEmpty() ? "" : "[A-Z0-9_]+").append(variable(part));
        }
        return Pattern.compile(pattern.toString());
    }

    static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** The value that a property has when nothing else is set: references to other properties are followed, the innermost first. */
    private String value(String property) {
        String value = application.getProperty(property, "");
        Matcher reference = REFERENCE.matcher(value);
        while (reference.find()) {
            String otherwise = reference.group(2) == null ? "" : reference.group(2);
            value = reference.replaceFirst(
                    Matcher.quoteReplacement(application.getProperty(reference.group(1), otherwise)));
            reference = REFERENCE.matcher(value);
        }
        return value;
    }

    /** The topics that a consumer group of this service reads, by group, from its channels and from what it watches. */
    Map<String, Set<String>> reads() {
        Map<String, Set<String>> topics = new TreeMap<>();
        for (String watched : value("progress.groups").split(",", -1)) {
            String[] parts = watched.split(":", -1);
            if (parts.length == 2) {
                topics.computeIfAbsent(parts[0].strip(), group -> new TreeSet<>())
                        .add(parts[1].strip());
            }
        }
        for (String key : application.stringPropertyNames()) {
            if (key.startsWith("mp.messaging.incoming.") && key.endsWith(".group.id")) {
                String channel = key.substring(0, key.length() - ".group.id".length());
                topics.computeIfAbsent(value(key), group -> new TreeSet<>()).add(value(channel + ".topic"));
            }
        }
        return topics;
    }

    /** The topics that it writes, apart from its dead letters. */
    Set<String> writes() {
        List<Topic> topics =
                switch (name) {
                    case "crawler" ->
                        List.of(Topics.TWEETS, Topics.REJECTIONS, Topics.CRAWLER_CURSORS, Topics.CRAWLER_DECLARATIONS);
                    case "teacher" -> List.of(Topics.SCORED_TWEETS);
                    case "filter" -> List.of(Topics.LABELLED_IMAGES, Topics.SHARDS, Topics.REJECTIONS);
                    case "trainer" -> List.of(Topics.CHECKPOINTS);
                    case "evaluator" -> List.of(Topics.ACCURACIES);
                    default -> List.of();
                };
        return topics.stream().map(Topic::name).collect(Collectors.toSet());
    }

    static List<Service> inPipelineOrder() {
        return Topics.SERVICES.stream().map(Service::of).toList();
    }
}
