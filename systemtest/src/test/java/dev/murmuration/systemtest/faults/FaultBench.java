package dev.murmuration.systemtest.faults;

import dev.murmuration.local.launch.LauncherStatus;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.process.PidFile;
import dev.murmuration.local.process.ProgramState;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the system with a simulated stream, kills and stops its programs in an order that follows from a seed, lets it come to
 * rest, and has the result counted: by the audit and, where Python has what it needs, by the checker in tools/.
 */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        description = "Kills and stops programs of the running system for some minutes, and counts what that cost.",
        footer = {
            "",
            "Runs on the ports of 'up', in a folder of its own. Exit status 0 if nothing was lost or doubled and everything recovered.",
            "CHECKER_PYTHON names a Python with confluent-kafka, fastavro and boto3, for the independent checker in tools/checker."
        })
final class FaultBench implements Callable<Integer> {

    private static final Duration MAX_RECOVERY = Duration.ofMinutes(3);
    private static final Duration MAX_REST = Duration.ofMinutes(10);
    private static final Pattern ROW = Pattern.compile("\\s*(\\S.*?)\\s{2,}([\\d,]+)");

    @Option(
            names = "--minutes",
            defaultValue = "10",
            description = "How long faults happen (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--seed", defaultValue = "1", description = "Of faults and stream (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--rate", defaultValue = "10", description = "Records per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    private final Path root = Path.of(System.getProperty("murmuration.root"));
    private final Path folder = root.resolve("run/faults");
    private final RunFolder run = new RunFolder(folder);
    private final List<Double> recoveries = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final long started = System.nanoTime();

    public static void main(String... arguments) {
        System.exit(new CommandLine(new FaultBench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        run.empty();
        if (command("up") != 0) {
            return 1;
        }
        try {
            Map<String, Long> memory = memory();
            int faults = happen();
            say("the last fault is over; the stream ends and everything comes to rest");
            boolean rests = rest();
            report(faults, memory);
            boolean audited = command("audit") == 0;
            boolean checked = checker();
            return rests && audited && checked && failures.isEmpty() ? 0 : 1;
        } finally {
            command("down");
        }
    }

    private int happen() throws InterruptedException, IOException {
        FaultPlan plan = new FaultPlan(seed);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        int faults = 0;
        while (System.nanoTime() < end && failures.isEmpty()) {
            Fault fault = plan.next();
            List<ProcessHandle> hit = fault.programs().stream()
                    .flatMap(program -> PidFile.of(run.pids(), program).process().stream())
                    .toList();
            if (hit.size() < fault.programs().size()) {
                failures.add(fault + ": not every program was running");
            }
            signal(fault.stoppedSeconds() == 0 ? "KILL" : "STOP", hit);
            if (fault.stoppedSeconds() > 0) {
                TimeUnit.SECONDS.sleep(fault.stoppedSeconds());
                signal("CONT", hit);
            }
            faults++;
            Optional<Double> recovery = recovery(fault.stoppedSeconds() == 0 ? hit : List.of());
            recovery.ifPresentOrElse(recoveries::add, () -> failures.add(fault + ": not ready again"));
            say("%3d  %-40s %s"
                    .formatted(
                            faults,
                            fault,
                            recovery.map("ready again after %.1f s"::formatted)
                                    .orElse("NOT ready again after %d s".formatted(MAX_RECOVERY.toSeconds()))));
            TimeUnit.MILLISECONDS.sleep(plan.pauseMillis());
        }
        return faults;
    }

    /** Seconds until all programs are ready, those that were killed as new processes; empty if that takes too long. */
    private Optional<Double> recovery(List<ProcessHandle> killed) throws InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < MAX_RECOVERY.toNanos()) {
            boolean ready = killed.stream().noneMatch(ProcessHandle::isAlive)
                    && brokerAnswers()
                    && LauncherStatus.read(run.status())
                            .filter(status -> status.programs().stream()
                                    .allMatch(state -> state.phase() == ProgramState.Phase.READY
                                            && killed.stream().noneMatch(process -> process.pid() == state.pid())))
                            .isPresent();
            if (ready) {
                return Optional.of((System.nanoTime() - begun) / 1e9);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return Optional.empty();
    }

    /** The launcher calls the platform ready as soon as its process runs. */
    private boolean brokerAnswers() {
        String[] address = Plan.read(run.plan()).platform().bootstrapServers().split(":", 2);
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    /** Until the audit finds nothing in flight and nothing to pack, and all records read. */
    private boolean rest() throws IOException, InterruptedException {
        long end = System.nanoTime() + MAX_REST.toNanos();
        while (System.nanoTime() < end) {
            Path output = folder.resolve("audit.txt");
            start(output, "audit").waitFor();
            Map<String, Long> rows = rows(Files.readString(output));
            if (rows.getOrDefault("records read", 0L) >= records()
                    && rows.getOrDefault("in flight", 1L) == 0
                    && rows.getOrDefault("samples not packed yet", 1L) == 0) {
                return true;
            }
            TimeUnit.SECONDS.sleep(5);
        }
        say("it did not come to rest within %d s".formatted(MAX_REST.toSeconds()));
        return false;
    }

    static Map<String, Long> rows(String table) {
        Map<String, Long> rows = new TreeMap<>();
        table.lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), Long.parseLong(row.group(2).replace(",", "")));
            }
        });
        return rows;
    }

    private void report(int faults, Map<String, Long> before) {
        List<Double> sorted = recoveries.stream().sorted().toList();
        say("%d faults with seed %d in %d minutes, %,d records".formatted(faults, seed, minutes, records()));
        if (!sorted.isEmpty()) {
            say("recovery: median %.1f s, worst %.1f s".formatted(sorted.get(sorted.size() / 2), sorted.getLast()));
        }
        Map<String, Long> after = memory();
        before.forEach((program, bytes) -> say("memory of %-10s %,6d MB before, %,6d MB after"
                .formatted(program, bytes >> 20, after.getOrDefault(program, 0L) >> 20)));
        say("temporary files: %,d, %,d MB"
                .formatted(
                        temporary().size(),
                        temporary().stream().mapToLong(FaultBench::size).sum() >> 20));
        failures.forEach(failure -> say("FAILED " + failure));
    }

    private Map<String, Long> memory() {
        Map<String, Long> resident = new TreeMap<>();
        for (String program : FaultPlan.PROGRAMS) {
            PidFile.of(run.pids(), program).process().ifPresent(process -> {
                try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
                    lines.filter(line -> line.startsWith("VmRSS:"))
                            .forEach(line -> resident.put(program, Long.parseLong(line.replaceAll("\\D", "")) << 10));
                } catch (IOException e) {
                    // It has just ended.
                }
            });
        }
        return resident;
    }

    private List<Path> temporary() {
        try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
            return files.filter(file -> file.toString().contains("/tmp/") && Files.isRegularFile(file))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private boolean checker() throws IOException, InterruptedException {
        String python = System.getenv("CHECKER_PYTHON");
        if (python == null) {
            say(
                    "independent checker: skipped, CHECKER_PYTHON names no Python with confluent-kafka, fastavro and boto3");
            return true;
        }
        return new ProcessBuilder(python, root.resolve("tools/checker/check.py").toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    private int command(String... arguments) throws IOException, InterruptedException {
        return start(null, arguments).waitFor();
    }

    private Process start(@Nullable Path output, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("murmuration").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (output == null) {
            builder.inheritIO();
        } else {
            builder.redirectOutput(output.toFile());
        }
        builder.environment()
                .putAll(Map.of(
                        "MURMURATION_RUN", folder.toString(),
                        "MURMURATION_BUILD", "never",
                        "CRAWLER_SIMULATOR_RATE", Integer.toString(rate),
                        "CRAWLER_SIMULATOR_RECORDS", Long.toString(records()),
                        "CRAWLER_SIMULATOR_SEED", Long.toString(seed),
                        "FILTER_SHARDS_MAX_SAMPLES", "50",
                        "PLATFORM_RESTARTS", "1000"));
        return builder.start();
    }

    /** As many as the stream can give while faults happen. */
    private long records() {
        return Math.max(100, 40L * minutes * rate);
    }

    private void say(String line) {
        System.out.printf(
                "%5d s  %s%n", Duration.ofNanos(System.nanoTime() - started).toSeconds(), line);
    }
}
