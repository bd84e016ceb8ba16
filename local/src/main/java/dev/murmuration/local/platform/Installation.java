package dev.murmuration.local.platform;

import dev.murmuration.local.process.StartCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The layout of a built project.
 *
 * @param root folder of the project
 */
public record Installation(Path root) {

    /** Found by the system property `murmuration.root`, or upwards from the working directory. */
    public static Installation find() {
        String told = System.getProperty("murmuration.root");
        Path start = Path.of(told == null ? "" : told).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("local/pom.xml"))) {
                return new Installation(folder);
            }
        }
        throw new IllegalStateException("no Murmuration project at or above " + start
                + ": start from its folder, or set the system property murmuration.root");
    }

    /** The unpacked distribution of the registry. */
    Path registry() {
        return built(root.resolve("local/target/registry"));
    }

    /** The jar of {@code ParentWatchdog} alone, for class paths that must not contain anything else of ours. */
    public String watchdog() {
        return jar(root.resolve("local/target/local-watchdog.jar")).toString();
    }

    /** The caches that make later starts of a program faster. */
    public StartCache starts() {
        return StartCache.in(root.resolve("local/target/starts"));
    }

    /** The runnable jar of a service, or of the console. */
    public Path service(String name) {
        Path services = root.resolve("services");
        Path module = Files.isDirectory(services.resolve(name)) ? services.resolve(name) : root.resolve(name);
        return jar(module.resolve("target/quarkus-app/quarkus-run.jar"));
    }

    /** The class path of the platform and of the command: one jar, whose manifest names the others. */
    public List<String> classPath() {
        return List.of(jar(root.resolve("local/target/local-run.jar")).toString());
    }

    private static Path jar(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is missing: build the project first (mvn -Dquick -DskipTests install)");
        }
        return jar;
    }

    private static Path built(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    folder + " is missing: build the project first (./murmuration up, or mvn install)");
        }
        return folder;
    }
}
