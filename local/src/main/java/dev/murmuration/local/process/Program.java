package dev.murmuration.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * A JVM to start.
 *
 * @param name its name in messages, pid files and log files
 * @param jvmOptions heap, garbage collector, system properties
 * @param classPath entries of the class path
 * @param mainClass the class whose main method runs, under a {@link ParentWatchdog}
 * @param arguments of the main method
 * @param environment added to this process's own
 * @param directory its working directory, created if it is new
 */
public record Program(
        String name,
        List<String> jvmOptions,
        List<String> classPath,
        String mainClass,
        List<String> arguments,
        Map<String, String> environment,
        Path directory) {

    /**
     * The program of a Quarkus application. Started by class path, as a {@link ParentWatchdog} asks, a JVM ignores the Add-Opens
     * of the jar's manifest, so they are arguments here.
     *
     * @param jar its `quarkus-run.jar`
     * @param watchdog jar that holds {@link ParentWatchdog} and nothing else
     */
    public static Program quarkus(
            String name, List<String> jvmOptions, Path jar, String watchdog, List<String> arguments, Path directory) {
        List<String> options = new ArrayList<>(jvmOptions);
        String mainClass;
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest().getMainAttributes();
            mainClass = manifest.getValue(Attributes.Name.MAIN_CLASS);
            String opens = manifest.getValue("Add-Opens");
            for (String opened : opens == null ? new String[0] : opens.strip().split("\\s+")) {
                options.add("--add-opens=" + opened + "=ALL-UNNAMED");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
        return new Program(
                        name,
                        List.copyOf(options),
                        List.of(jar.toString(), watchdog),
                        mainClass,
                        arguments,
                        Map.of(),
                        directory)
                .with(Map.of("java.util.logging.manager", "org.jboss.logmanager.LogManager"));
    }

    /** The command line, with the JVM of this process. */
    List<String> command() {
        return command(List.of(ParentWatchdog.class.getName(), mainClass));
    }

    /** As above, without a {@link ParentWatchdog}. */
    List<String> commandWithoutWatchdog() {
        return command(List.of(mainClass));
    }

    private List<String> command(List<String> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(String.join(System.getProperty("path.separator"), classPath));
        command.addAll(main);
        command.addAll(arguments);
        return command;
    }

    /** The same program with more environment variables, for secrets, which other users could see on the command line. */
    public Program withEnvironment(Map<String, String> further) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(further);
        return new Program(name, jvmOptions, classPath, mainClass, arguments, all, directory);
    }

    /** The same program without the caches of earlier starts. */
    public Program withoutStartCache() {
        List<String> options = jvmOptions.stream()
                .filter(option -> !StartCache.isOption(option))
                .toList();
        return new Program(name, options, classPath, mainClass, arguments, environment, directory);
    }

    /** The same program with more system properties. */
    public Program with(Map<String, String> systemProperties) {
        List<String> options = new ArrayList<>(jvmOptions);
        new TreeMap<>(systemProperties).forEach((name, value) -> options.add("-D" + name + "=" + value));
        return new Program(name, List.copyOf(options), classPath, mainClass, arguments, environment, directory);
    }
}
