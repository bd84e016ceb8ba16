package dev.murmuration.local.launch;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SettingsReader;
import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        return settings.read(reader -> {
            PlatformSettings platform = new PlatformSettings(
                    run.data(),
                    reader.port("platform.kafka.port", 9092),
                    reader.port("platform.controller.port", 9093),
                    reader.port("platform.s3.port", 9000),
                    reader.port("platform.registry.port", 8080),
                    partitions(reader),
                    retention(reader),
                    reader.text("s3.access-key", "murmuration"),
                    reader.text("s3.secret-key", "murmuration"),
                    reader.text("s3.bucket", "murmuration"));
            Map<String, Integer> ports = new LinkedHashMap<>();
            for (int i = 0; i < Plan.PROGRAMS.size(); i++) {
                String service = Plan.PROGRAMS.get(i);
                ports.put(service, reader.port("platform." + service + ".port", 8081 + i));
            }
            return plan(reader, platform, ports, Map.of(), Map.of());
        });
    }

    /** The plan of a demo: ports that are free now, so that it runs beside an `up`. The console is not among what runs. */
    public Plan demo(
            RunFolder run, int partitions, Map<String, Map<String, String>> overrides, Map<String, Path> benchmarks) {
        PlatformSettings free = PlatformSettings.onFreePorts(run.data());
        Map<String, Integer> ports = new LinkedHashMap<>();
        Topics.SERVICES.forEach(service -> ports.put(service, PlatformSettings.freePort()));
        return settings.read(reader -> {
            PlatformSettings platform = new PlatformSettings(
                    run.data(),
                    free.kafkaPort(),
                    free.controllerPort(),
                    free.storePort(),
                    free.registryPort(),
                    partitions,
                    retention(reader),
                    free.accessKey(),
                    free.secretKey(),
                    free.bucket());
            return plan(reader, platform, ports, overrides, benchmarks);
        });
    }

    /** Partitions of every topic that has more than one. */
    public int partitions() {
        return settings.read(PlanFactory::partitions);
    }

    private static int partitions(SettingsReader reader) {
        return reader.whole("platform.partitions", 2, 1, 1000);
    }

    private static Duration retention(SettingsReader reader) {
        return reader.duration("platform.retention", Duration.ofDays(7));
    }

    private static Plan plan(
            SettingsReader reader,
            PlatformSettings platform,
            Map<String, Integer> ports,
            Map<String, Map<String, String>> overrides,
            Map<String, Path> benchmarks) {
        Map<String, String> jvmOptions = new LinkedHashMap<>();
        for (String service : Plan.PROGRAMS) {
            jvmOptions.put(
                    service,
                    reader.text(
                            "platform." + service + ".jvm-options",
                            HEAP.get(service) + " " + COLLECTOR + " -XX:TieredStopAtLevel=1"));
        }
        return new Plan(
                platform,
                ports,
                jvmOptions,
                overrides,
                benchmarks,
                reader.whole("platform.restarts", 5, 0, 1000),
                reader.duration("platform.restart-window", Duration.ofMinutes(10)));
    }

    /**
     * Checks that nothing else listens on the ports of this plan.
     *
     * @throws Failure naming each setting to change
     */
    public static void requireFreePorts(Plan plan) {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        wanted.put("platform.kafka.port", plan.platform().kafkaPort());
        wanted.put("platform.controller.port", plan.platform().controllerPort());
        wanted.put("platform.s3.port", plan.platform().storePort());
        wanted.put("platform.registry.port", plan.platform().registryPort());
        plan.ports().forEach((service, port) -> wanted.put("platform." + service + ".port", port));
        Map<Integer, String> names = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        wanted.forEach((name, port) -> {
            String other = names.put(port, name);
            if (other != null) {
                problems.add(
                        Failure.wrongSetting(name, Integer.toString(port), "is the port of " + other + " as well"));
            } else if (!free(port)) {
                problems.add(Failure.wrongSetting(
                        name,
                        Integer.toString(port),
                        "the port is in use: stop the program that listens there or choose another"));
            }
        });
        if (!problems.isEmpty()) {
            throw Failure.wrongSettings(problems);
        }
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
