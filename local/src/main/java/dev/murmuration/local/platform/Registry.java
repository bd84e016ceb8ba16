package dev.murmuration.local.platform;

import dev.murmuration.local.process.Program;
import java.util.List;
import java.util.Map;

/** Apicurio Registry as its own process; its storage is a topic of the broker (`kafkasql`), so ids survive a restart as the records do. */
final class Registry {

    private Registry() {}

    /** How to start it with these settings. */
    static Program program(PlatformSettings settings, Installation installed) {
        return Program.quarkus(
                        "registry",
                        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        installed.registry().resolve("quarkus-run.jar"),
                        installed.tether(),
                        List.of(),
                        settings.directory())
                .with(Map.of(
                        "quarkus.http.host", "127.0.0.1",
                        "quarkus.http.port", Integer.toString(settings.registryPort()),
                        // Health and metrics of its own, which nothing here reads: any free port.
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
}
