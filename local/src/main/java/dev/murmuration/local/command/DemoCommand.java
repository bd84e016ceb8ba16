package dev.murmuration.local.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.local.audit.AuditTally;
import dev.murmuration.local.audit.Auditor;
import dev.murmuration.local.audit.Report;
import dev.murmuration.local.audit.TopicFollower;
import dev.murmuration.local.demo.DemoFeed;
import dev.murmuration.local.demo.PipelineProgress;
import dev.murmuration.local.demo.ProgressDisplay;
import dev.murmuration.local.demo.RecordedBenchmark;
import dev.murmuration.local.demo.ServiceMetrics;
import dev.murmuration.local.demo.Summary;
import dev.murmuration.local.launch.KeptStudents;
import dev.murmuration.local.launch.Launcher;
import dev.murmuration.local.launch.LauncherClient;
import dev.murmuration.local.launch.LauncherStatus;
import dev.murmuration.local.launch.Plan;
import dev.murmuration.local.launch.PlanFactory;
import dev.murmuration.local.launch.RunFolder;
import dev.murmuration.local.launch.ServiceProgram;
import dev.murmuration.local.launch.Shutdown;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.settings.Failure;
import dev.murmuration.local.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `./murmuration demo`. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "The whole pipeline, end to end, from a feed to an accuracy, in a few minutes.",
        footer = {
            "",
            "Runs on free ports, in run/demo, which it empties first; the student of the demo before is kept in run/students,",
            "the last five of them. Two runs with one seed give the same only with --partitions 1. Exit status 0 if every photo is",
            "accounted for and, where there is a benchmark, an accuracy was published."
        })
public final class DemoCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(500);

    @Option(
            names = "--stream",
            paramLabel = "DIR",
            description =
                    "A recorded stream (tweets.jsonl, photos; with labels.csv also a benchmark of them) instead of the simulator.")
    private @Nullable Path stream;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the summary for machines.")
    private @Nullable Path json;

    @Option(names = "--keep", description = "Leave everything running, with the console; './murmuration down' ends it.")
    private boolean keep;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics (default: platform.partitions, 2).")
    private @Nullable Integer partitions;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Records that the simulator gives (default: ${DEFAULT-VALUE}).")
    private int records;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of simulator and student (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--hold-back",
            paramLabel = "N",
            defaultValue = "300",
            description =
                    "Labelled photos of a recorded stream that are kept from training and measured on (default: ${DEFAULT-VALUE}).")
    private int holdBack;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Give up when nothing has advanced for this long (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final long started = System.nanoTime();

    @Override
    public Integer call() throws IOException {
        Installation installed = Installation.find();
        RunFolder run = RunFolder.demo(installed.root());
        if (Launcher.holds(run)) {
            throw new Failure("a demo is already running: './murmuration down' ends it");
        }
        PrintWriter out = spec.commandLine().getOut();
        ProgressDisplay board = new ProgressDisplay(out, "1".equals(System.getenv("MURMURATION_TERMINAL")));
        Settings settings = Settings.of(installed.root());
        checkOutput();
        DemoFeed feed = stream == null
                ? DemoFeed.simulated(records, seed, settings)
                : DemoFeed.recorded(checked(stream), isLabelled(stream), seed, settings);
        // Wrong settings are reported before the last demo is deleted.
        PlanFactory planning = new PlanFactory(settings);
        int partitionCount = partitions == null ? planning.partitions() : partitions;
        new Shutdown(run).leftovers();
        keptStudent(run).ifPresent(board::say);
        run.empty();
        Map<String, Path> benchmarks = new HashMap<>();
        if (stream != null && isLabelled(stream)) {
            benchmarks.put("recorded", recordedBenchmark(checked(stream), run, installed, board));
        }
        Plan demo = planning.demo(run, partitionCount, feed.overrides(run), benchmarks);
        Plan plan = keep ? demo.withConsole(PlatformSettings.freePort()) : demo;
        LauncherClient launching = new LauncherClient(run, installed, board::say);
        board.say("starting the platform and five services (logs in " + run.logs() + ")");
        ChildProcess launcher = launching.start(plan, keep);
        launching.awaitReady(launcher, plan);
        Summary summary = follow(plan, launching, launcher, board);
        if (keep) {
            launching.leave();
        }
        return close(summary, plan, out);
    }

    private Summary follow(Plan plan, LauncherClient launching, ChildProcess launcher, ProgressDisplay board)
            throws IOException {
        AuditTally ledger = new AuditTally();
        ServiceMetrics metrics = new ServiceMetrics();
        int trainer = plan.ports().getOrDefault("trainer", 0);
        PipelineProgress flow = PipelineProgress.of(ledger, Map.of());
        try (TopicFollower follower = new TopicFollower(
                plan.platform().bootstrapServers(), plan.platform().registryUrl(), ledger)) {
            long advanced = System.nanoTime();
            long advancedTo = -1;
            while (!flow.done()) {
                launching.awaitEndIfEnding();
                follower.poll(LOOK);
                flow = PipelineProgress.of(ledger, metrics.of(trainer));
                board.show(flow);
                if (flow.advanced() != advancedTo) {
                    advancedTo = flow.advanced();
                    advanced = System.nanoTime();
                } else if (System.nanoTime() - advanced
                        > Duration.ofSeconds(timeout).toNanos()) {
                    throw new Failure("nothing has advanced for %d s: %s has stopped ('./murmuration logs %s')"
                            .formatted(
                                    timeout,
                                    flow.standing().orElse("the launcher"),
                                    flow.standing().orElse("launcher")));
                }
                watch(launching, launcher, board);
            }
        }
        board.show(flow);
        board.release();
        board.say("");
        board.say("the feed has ended and every stage is done; recounting every photo");
        Report audit = new Auditor(plan.platform()).audit();
        return new Summary(
                Duration.ofNanos(System.nanoTime() - started).toSeconds(),
                ledger,
                audit,
                stream == null || isLabelled(stream));
    }

    private static void watch(LauncherClient launching, ChildProcess launcher, ProgressDisplay board) {
        launching.awaitEndIfEnding();
        if (!launcher.alive()) {
            throw new Failure("the launcher ended: see " + launcher.log());
        }
        LauncherStatus.read(launching.run().status()).ifPresent(status -> {
            status.programs().forEach(launching::tell);
            launching.failure(status).ifPresent(failure -> {
                board.release();
                throw failure;
            });
        });
    }

    private int close(Summary summary, Plan plan, PrintWriter out) throws IOException {
        out.println();
        summary.lines().forEach(out::println);
        out.printf("%s in %d s%n", summary.ok() ? "ok" : "NOT ok", summary.seconds());
        if (json != null) {
            Files.writeString(json, summary.json(ServiceProgram.console(plan)));
        }
        if (keep) {
            out.printf(
                    "still running: broker %s, object store %s, registry %s%n",
                    plan.platform().bootstrapServers(),
                    plan.platform().storeEndpoint(),
                    plan.platform().registryUrl());
            ServiceProgram.console(plan).ifPresent(address -> out.printf("console: %s%n", address));
            out.println(
                    "'./murmuration status' shows it, './murmuration audit' recounts, './murmuration down' ends it.");
        }
        out.flush();
        return summary.ok() ? 0 : 1;
    }

    private Path recordedBenchmark(Path folder, RunFolder run, Installation installed, ProgressDisplay board)
            throws IOException {
        Path benchmark = run.folder().resolve("benchmarks/recorded");
        Map<Integer, Integer> perClass = RecordedBenchmark.write(folder, benchmark, holdBack);
        board.say(
                "benchmark 'recorded': %d labelled photos held back from training (negative %d, neutral %d, positive %d)"
                        .formatted(
                                perClass.values().stream()
                                        .mapToInt(Integer::intValue)
                                        .sum(),
                                perClass.getOrDefault(0, 0),
                                perClass.getOrDefault(1, 0),
                                perClass.getOrDefault(2, 0)));
        Path log = run.logs().resolve("hashes.log");
        ChildProcess hashes = ChildProcess.start(
                ServiceProgram.command(
                        "crawler",
                        List.of("hashes", benchmark.toString()),
                        "-Xmx512m -XX:+UseSerialGC",
                        run,
                        installed),
                log);
        if (hashes.exit().join() != 0 || !Files.exists(benchmark.resolve("hashes.csv"))) {
            throw new Failure("the crawler could not hash the benchmark's photos: see " + log);
        }
        return benchmark;
    }

    private void checkOutput() {
        if (json != null) {
            FileProblem.ofWriting(json).ifPresent(problem -> {
                throw new Failure("--json " + problem, Failure.WRONG_SETTING);
            });
        }
    }

    /** Keeps the last demo's student beside the folder that is emptied; says where. */
    private static Optional<String> keptStudent(RunFolder run) {
        return KeptStudents.beside(run)
                .keep(run.checkpoints())
                .map(file -> "the last demo's student is kept: ./murmuration predict -m %s IMAGE".formatted(file));
    }

    private static Path checked(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        boolean isThere = Files.isReadable(absolute.resolve("tweets.jsonl"))
                || Files.isReadable(absolute.resolve("tweets.jsonl.gz"));
        if (!isThere) {
            throw new Failure("--stream %s: cannot read tweets.jsonl there".formatted(folder), Failure.WRONG_SETTING);
        }
        return absolute;
    }

    /** Whether some photos can be held back as a benchmark. */
    private static boolean isLabelled(Path folder) {
        return Files.exists(folder.resolve("labels.csv"));
    }
}
