package dev.murmuration.local.launch;

import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.Health;
import dev.murmuration.local.process.Program;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a service is started: its fast-jar, its settings file, and where the platform is. */
public final class ServiceProgram {

    private ServiceProgram() {}

    /** A service of this plan, with every setting that the platform decides. */
    public static Program of(String service, Plan plan, RunFolder run, Installation installed) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(
                "quarkus.config.locations",
                installed
                        .root()
                        .resolve("config/" + service + ".properties")
                        .toUri()
                        .toString());
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", Integer.toString(plan.ports().getOrDefault(service, 0)));
        properties.put("quarkus.log.console.format", "%d{yyyy-MM-dd HH:mm:ss} %-5p [" + service + "] %s%e%n");
        // It is started beside the platform, and waits for it as long as the launcher waits for both.
        properties.put("progress.start-timeout", LauncherClient.MAX_START.toSeconds() + "s");
        properties.put("instance.name", service + "-0");
        // What work folders are in by default: two systems on one machine must not empty each other's.
        properties.put("java.io.tmpdir", run.temporary(service).toString());
        // Emptied at the start: what a killed predecessor left.
        properties.put("dev.murmuration.work-folder", run.temporary(service).toString());
        properties.putAll(plan.platform().forServices());
        if (service.equals(Plan.CONSOLE)) {
            plan.ports()
                    .forEach((name, port) -> properties.put("console.services." + name, "http://localhost:" + port));
        }
        properties.keySet().removeAll(Set.of("s3.access-key", "s3.secret-key"));
        properties.putAll(plan.overrides().getOrDefault(service, Map.of()));
        return program(service, List.of(), plan.jvmOptions().getOrDefault(service, ""), run, installed)
                .with(properties)
                .withEnvironment(plan.platform().keys());
    }

    /** One of the commands that a service's jar has besides the service. */
    public static Program command(
            String service, List<String> arguments, String jvmOptions, RunFolder run, Installation installed) {
        return program(service, arguments, jvmOptions, run, installed);
    }

    /** Where the console is, if it runs. */
    public static Optional<URI> console(Plan plan) {
        return Optional.ofNullable(plan.ports().get(Plan.CONSOLE))
                .map(port -> URI.create("http://localhost:" + port + "/"));
    }

    /** Where a service says how it is. */
    public static Health health(String service, Plan plan) {
        String health = "http://localhost:" + plan.ports().get(service) + "/q/health/";
        return new Health(URI.create(health + "ready"), URI.create(health + "live"));
    }

    private static Program program(
            String service, List<String> arguments, String jvmOptions, RunFolder run, Installation installed) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        options.addAll(installed.starts().options(service));
        if (!jvmOptions.isBlank()) {
            options.addAll(List.of(jvmOptions.strip().split("\\s+")));
        }
        return Program.quarkus(
                service, options, installed.service(service), installed.watchdog(), arguments, run.work(service));
    }
}
