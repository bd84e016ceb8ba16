package dev.murmuration.local.launch;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The programs that the launcher runs, chosen by the command that starts it and written into the run folder.
 *
 * @param platform ports, partitions, keys
 * @param ports of the services' HTTP servers, by service; a service without one does not run
 * @param jvmOptions by service
 * @param overrides settings by service that go before its file and the environment
 * @param benchmarks folders to put into the object store before the services start, by the benchmark's name
 * @param mostRestarts of one program within the window
 * @param restartWindow see there
 */
public record Plan(
        PlatformSettings platform,
        Map<String, Integer> ports,
        Map<String, String> jvmOptions,
        Map<String, Map<String, String>> overrides,
        Map<String, Path> benchmarks,
        int mostRestarts,
        Duration restartWindow) {

    /** The web console, which runs beside the services. */
    public static final String CONSOLE = "console";

    /** Everything that can run beside the platform: the services in the order of the pipeline, then the console. */
    static final List<String> PROGRAMS =
            Stream.concat(Topics.SERVICES.stream(), Stream.of(CONSOLE)).toList();

    private static final int PLATFORM_PROGRAMS = 2;

    /** The services that run, in the order of the pipeline, and the console if it does: those that have a port. */
    public List<String> services() {
        return PROGRAMS.stream().filter(ports::containsKey).toList();
    }

    /** How many programs run: these services, and the platform's two. */
    public int programs() {
        return PLATFORM_PROGRAMS + services().size();
    }

    /** The same without one service, which somebody else runs. */
    public Plan without(String service) {
        Map<String, Integer> others = new LinkedHashMap<>(ports);
        others.remove(service);
        return new Plan(platform, others, jvmOptions, overrides, benchmarks, mostRestarts, restartWindow);
    }

    /** The same with the console, on this port. */
    public Plan withConsole(int port) {
        Map<String, Integer> more = new LinkedHashMap<>(ports);
        more.put(CONSOLE, port);
        return new Plan(platform, more, jvmOptions, overrides, benchmarks, mostRestarts, restartWindow);
    }

    /** Writes it as properties, in one step. */
    void write(Path file) {
        Properties all = new Properties();
        all.setProperty("directory", platform.directory().toString());
        all.setProperty("kafka.port", Integer.toString(platform.kafkaPort()));
        all.setProperty("controller.port", Integer.toString(platform.controllerPort()));
        all.setProperty("s3.port", Integer.toString(platform.storePort()));
        all.setProperty("registry.port", Integer.toString(platform.registryPort()));
        all.setProperty("partitions", Integer.toString(platform.partitions()));
        all.setProperty("retention", platform.retention().toString());
        all.setProperty("access-key", platform.accessKey());
        all.setProperty("secret-key", platform.secretKey());
        all.setProperty("bucket", platform.bucket());
        all.setProperty("restarts", Integer.toString(mostRestarts));
        all.setProperty("restart-window", restartWindow.toString());
        benchmarks.forEach((name, folder) -> all.setProperty("benchmark/" + name, folder.toString()));
        for (String service : services()) {
            all.setProperty("port/" + service, Integer.toString(ports.getOrDefault(service, 0)));
            all.setProperty("jvm/" + service, jvmOptions.getOrDefault(service, ""));
            overrides
                    .getOrDefault(service, Map.of())
                    .forEach((name, value) -> all.setProperty("set/" + service + "/" + name, value));
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            StringWriter text = new StringWriter();
            all.store(text, null);
            // It holds the keys of the store.
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, text.toString());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Plan read(Path file) {
        Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        PlatformSettings platform = new PlatformSettings(
                Path.of(all.getProperty("directory")),
                whole(all, "kafka.port"),
                whole(all, "controller.port"),
                whole(all, "s3.port"),
                whole(all, "registry.port"),
                whole(all, "partitions"),
                Duration.parse(all.getProperty("retention")),
                all.getProperty("access-key"),
                all.getProperty("secret-key"),
                all.getProperty("bucket"));
        Map<String, Integer> ports = new LinkedHashMap<>();
        Map<String, String> jvmOptions = new LinkedHashMap<>();
        Map<String, Map<String, String>> overrides = new LinkedHashMap<>();
        for (String service : PROGRAMS) {
            if (!all.containsKey("port/" + service)) {
                continue;
            }
            ports.put(service, whole(all, "port/" + service));
            jvmOptions.put(service, all.getProperty("jvm/" + service, ""));
            overrides.put(service, below(all, "set/" + service + "/"));
        }
        Map<String, Path> benchmarks = new LinkedHashMap<>();
        below(all, "benchmark/").forEach((name, folder) -> benchmarks.put(name, Path.of(folder)));
        return new Plan(
                platform,
                ports,
                jvmOptions,
                overrides,
                benchmarks,
                whole(all, "restarts"),
                Duration.parse(all.getProperty("restart-window")));
    }

    private static Map<String, String> below(Properties all, String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        all.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .forEach(name -> found.put(name.substring(prefix.length()), all.getProperty(name)));
        return found;
    }

    private static int whole(Properties all, String name) {
        return Integer.parseInt(all.getProperty(name));
    }
}
