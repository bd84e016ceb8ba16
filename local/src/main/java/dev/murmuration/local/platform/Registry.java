package dev.murmuration.local.platform;

import dev.murmuration.local.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Apicurio Registry as its own process; its storage is a topic of the broker (`kafkasql`), so schema ids survive a restart like
 * the records.
 */
final class Registry {

    private Registry() {}

    /** How to start it with these settings. */
    static Program program(PlatformSettings settings, Installation installed) {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                // The Add-Opens of the manifest of its jar.
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        options.addAll(installed.starts().options("registry"));
        return new Program(
                        "registry",
                        options,
                        classPath(installed),
                        "io.quarkus.runner.GeneratedMain",
                        List.of(),
                        Map.of(),
                        settings.directory())
                .with(Map.of(
                        "java.util.logging.manager",
                        "org.jboss.logmanager.LogManager",
                        // Settings in its distribution that its build does not have.
                        "quarkus.log.category.\"io.quarkus.config\".level",
                        "ERROR",
                        "quarkus.log.console.format",
                        "%d{yyyy-MM-dd HH:mm:ss} %-5p [registry] %s%e%n"))
                .with(Map.of(
                        "quarkus.http.host", "127.0.0.1",
                        "quarkus.http.port", Integer.toString(settings.registryPort()),
                        // Its own health and metrics, which are not used here: any free port.
                        "quarkus.management.host", "127.0.0.1",
                        "quarkus.management.port", "0",
                        "apicurio.storage.kind", "kafkasql",
                        "apicurio.kafkasql.bootstrap.servers", settings.bootstrapServers(),
                        // It waits some of these at every start, to see that nothing more is in its topic: 20 s unless
                        // told otherwise.
                        "apicurio.kafkasql.consumer.poll.timeout", "100",
                        "quarkus.log.level", "WARN",
                        // Its in-memory cache opens 20 connections unless told otherwise.
                        "apicurio.datasource.jdbc.initial-size", "2",
                        "apicurio.datasource.jdbc.min-size", "2"));
    }

    /**
     * The distribution's jars, one after the other: it is packaged for a class loader of its own, whose classes no cache of the
     * JVM can keep. What Quarkus generated comes before what it replaces.
     */
    private static List<String> classPath(Installation installed) {
        Path registry = installed.registry();
        List<String> jars = new ArrayList<>();
        jars.add(registry.resolve("quarkus/transformed-bytecode.jar").toString());
        jars.add(registry.resolve("quarkus/generated-bytecode.jar").toString());
        for (String folder : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(registry.resolve(folder))) {
                files.map(Path::toString)
                        .filter(name -> name.endsWith(".jar"))
                        .sorted()
                        .forEach(jars::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + registry, e);
            }
        }
        jars.add(installed.watchdog());
        return jars;
    }
}
