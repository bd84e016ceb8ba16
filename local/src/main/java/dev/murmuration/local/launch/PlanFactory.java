package dev.murmuration.local.launch;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes plans from settings, and checks them against the machine before anything is started. */
public final class PlanFactory {

    // JDK 25's reader of JPEGs can stop a whole JVM that runs the serial or parallel collector (docs/adr/0014).
    private static final String COLLECTOR = "-XX:+UseG1GC";

    private static final Map<String, String> HEAP = Map.of(
            "crawler",
            "-Xmx512m",
            "teacher",
            "-Xmx768m",
            "filter",
            "-Xmx512m",
            "trainer",
            "-Xmx1g",
            "evaluator",
            "-Xmx768m",
            Plan.CONSOLE,
            "-Xmx256m");

    private final Settings settings;

    /** Makes plans from these settings. */
    public PlanFactory(Settings settings) {
        this.settings = settings;
    }

    /** The plan of `up`: every port as it is set. */
    public Plan up(RunFolder run) {
        PlatformSettings platform = new PlatformSettings(
                run.data(),
                settings.port("platform.kafka.port", 9092),
                settings.port("platform.controller.port", 9093),
                settings.port("platform.s3.port", 9000),
                settings.port("platform.registry.port", 8080),
                partitions(),
                retention(),
                settings.text("s3.access-key", "murmuration"),
                settings.text("s3.secret-key", "murmuration"),
                settings.text("s3.bucket", "murmuration"));
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (int i = 0; i < Plan.PROGRAMS.size(); i++) {
            String service = Plan.PROGRAMS.get(i);
            ports.put(service, settings.port("platform." + service + ".port", 8081 + i));
        }
        return plan(platform, ports, Map.of(), Map.of());
    }

    /** The plan of a demo: ports that are free now, so that it runs beside an `up`. The console is not among what runs. */
    public Plan demo(
            RunFolder run,
            int partitions,
            Map<String, Map<String, String>> overrides,
            Map<String, java.nio.file.Path> benchmarks) {
        PlatformSettings free = PlatformSettings.onFreePorts(run.data());
        PlatformSettings platform = new PlatformSettings(
                run.data(),
                free.kafkaPort(),
                free.controllerPort(),
                free.storePort(),
                free.registryPort(),
                partitions,
                retention(),
                free.accessKey(),
                free.secretKey(),
                free.bucket());
        Map<String, Integer> ports = new LinkedHashMap<>();
        Topics.SERVICES.forEach(service -> ports.put(service, PlatformSettings.freePort()));
        return plan(platform, ports, overrides, benchmarks);
    }

    /** Partitions of every topic that has more than one. */
    public int partitions() {
        return settings.whole("platform.partitions", 2, 1, 1000);
    }

    private Duration retention() {
        return settings.duration("platform.retention", Duration.ofDays(7));
    }

    private Plan plan(
            PlatformSettings platform,
            Map<String, Integer> ports,
            Map<String, Map<String, String>> overrides,
            Map<String, java.nio.file.Path> benchmarks) {
        Map<String, String> jvmOptions = new LinkedHashMap<>();
        for (String service : Plan.PROGRAMS) {
            jvmOptions.put(
                    service,
                    settings.text(
                            "platform." + service + ".jvm-options",
                            HEAP.get(service) + " " + COLLECTOR + " -XX:TieredStopAtLevel=1"));
        }
        return new Plan(
                platform,
                ports,
                jvmOptions,
                overrides,
                benchmarks,
                settings.whole("platform.restarts", 5, 0, 1000),
                settings.duration("platform.restart-window", Duration.ofMinutes(10)));
    }

    /** Fails with the setting to change if something else listens on a port of this plan. */
    public static void requireFreePorts(Plan plan) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        wanted.put("platform.kafka.port", plan.platform().kafkaPort());
        wanted.put("platform.controller.port", plan.platform().controllerPort());
        wanted.put("platform.s3.port", plan.platform().storePort());
        wanted.put("platform.registry.port", plan.platform().registryPort());
        plan.ports().forEach((service, port) -> wanted.put("platform." + service + ".port", port));
        Map<Integer, String> names = new LinkedHashMap<>();
        wanted.forEach((name, port) -> {
            String other = names.put(port, name);
            if (other != null) {
                throw Failure.setting(name, Integer.toString(port), "is the port of " + other + " as well");
            }
            if (!free(port)) {
                throw Failure.setting(
                        name, Integer.toString(port), "the port is busy: end what listens there or choose another");
            }
        });
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
