package dev.murmuration.deploy;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the commands for any cluster, prepare and export-lag, read besides kafka.*: the names in their source. */
final class AnyCluster {

    private static final String SOURCE = "local/src/main/java/dev/murmuration/local/settings/SiteSettings.java";

    private static final Set<String> VARIABLES = Pattern.compile("\"((?:platform|s3|registry)\\.[a-z-]+)\"")
            .matcher(Repository.text(SOURCE))
            .results()
            .map(found -> Service.variable(found.group(1)))
            .collect(Collectors.toUnmodifiableSet());

    private AnyCluster() {}

    /** Whether an image is that of these commands. */
    static boolean runsIn(String image) {
        return image.matches("(.*/)?prepare:[^/]*");
    }

    static boolean acceptsVariable(String variable) {
        return variable.startsWith("KAFKA_") || variable.equals("JDK_JAVA_OPTIONS") || VARIABLES.contains(variable);
    }
}
