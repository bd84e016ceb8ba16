package dev.murmuration.local.command;

import dev.murmuration.local.launch.LauncherClient;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.PlanFactory;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.launch.ServiceProgram;
import dev.murmuration.local.launch.Shutdown;
import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.Platform;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration bench start`. */
@Command(
        name = "bench-start",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "How long each JVM takes until it is ready, with and without its cache of classes, one JVM after the other.")
public final class BenchStartCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is started in either way; medians are printed (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final HttpClient http = HttpClient.newHttpClient();

    private record Start(double seconds, double cpuSeconds) {}

    private record Key(String program, boolean cached) {}

    @Override
    public Integer call() {
        Installation installed = Installation.find();
        if (installed.starts().options("platform").isEmpty()) {
            throw new Failure("there are no caches of classes to compare with: MURMURATION_STARTS is off");
        }
        // Programs without an archive write it when they end.
        measure(installed, true, new HashMap<>());
        Map<Key, List<Start>> starts = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (boolean cached : new boolean[] {false, true}) {
                measure(installed, cached, starts);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-12s %21s %21s%n", "", "seconds until ready", "CPU seconds until then");
        out.printf("%-12s %10s %10s %10s %10s %8s%n", "", "without", "cache", "without", "cache", "ratio");
        starts.keySet().stream().filter(Key::cached).forEach(key -> {
            Start with = median(starts.getOrDefault(key, List.of()));
            Start without = median(starts.getOrDefault(new Key(key.program(), false), List.of()));
            out.printf(
                    "%-12s %10.2f %10.2f %10.2f %10.2f %8.2f%n",
                    key.program(),
                    without.seconds(),
                    with.seconds(),
                    without.cpuSeconds(),
                    with.cpuSeconds(),
                    without.seconds() / with.seconds());
        });
        out.flush();
        return 0;
    }

    private void measure(Installation installed, boolean cached, Map<Key, List<Start>> starts) {
        RunFolder run = new RunFolder(RunFolder.up(installed.root()).folder().resolve("bench/start"));
        new Shutdown(run).leftovers();
        run.empty();
        Map<String, Map<String, String>> overrides = Map.of(
                "crawler",
                        Map.of(
                                "crawler.feed", "simulator",
                                "crawler.simulator.records", "1",
                                "crawler.simulator.benchmark-photos", "3"),
                "filter",
                        Map.of(
                                "filter.state-dir",
                                run.folder().resolve("filter-state").toString()));
        Plan plan = new PlanFactory(Settings.of(installed.root())).demo(run, 1, overrides, Map.of());
        List<ChildProcess> running = new ArrayList<>();
        try {
            for (Program program : Platform.programs(plan.platform(), installed)) {
                int port = program.name().equals("registry")
                        ? plan.platform().registryPort()
                        : plan.platform().kafkaPort();
                running.add(start(program, cached, run, () -> listens(port), starts));
            }
            new ClusterSetup(plan.platform()).run(Optional::empty);
            for (String service : plan.services()) {
                URI ready = ServiceProgram.health(service, plan).ready();
                start(ServiceProgram.of(service, plan, run, installed), cached, run, () -> answers(ready), starts)
                        .close();
            }
        } finally {
            running.reversed().forEach(ChildProcess::close);
        }
    }

    private static ChildProcess start(
            Program program, boolean cached, RunFolder run, BooleanSupplier ready, Map<Key, List<Start>> starts) {
        long from = System.nanoTime();
        ChildProcess child = ChildProcess.start(
                cached ? program : program.withoutStartCache(), run.logs().resolve(program.name() + ".log"));
        while (!ready.getAsBoolean()) {
            if (!child.alive() || System.nanoTime() - from > LONGEST.toNanos()) {
                child.close();
                throw new Failure("%s did not start: see %s".formatted(program.name(), child.log()));
            }
            LauncherClient.pause(LOOK);
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        double cpu =
                child.handle().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        starts.computeIfAbsent(new Key(program.name(), cached), key -> new ArrayList<>())
                .add(new Start(seconds, cpu));
        return child;
    }

    private static Start median(List<Start> starts) {
        return new Start(
                starts.stream().mapToDouble(Start::seconds).sorted().toArray()[starts.size() / 2],
                starts.stream().mapToDouble(Start::cpuSeconds).sorted().toArray()[starts.size() / 2]);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers(URI address) {
        try {
            return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }
}
