package dev.murmuration.local.launch;

import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import dev.murmuration.local.process.ProgramState;
import dev.murmuration.local.process.StartCache;
import dev.murmuration.local.settings.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Starts a launcher process for a plan and follows it until everything is ready. */
public final class LauncherClient {

    // By its name: the commands are above this package.
    private static final String MAIN = "dev.murmuration.local.Main";
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final Duration GRACE = StartCache.grace(Duration.ofSeconds(90));
    /** How long everything together may take until it is ready. */
    static final Duration MAX_START = Duration.ofMinutes(5);

    private final RunFolder run;
    private final Installation installed;
    private final Consumer<String> say;
    private final long started = System.nanoTime();
    private long said = started;
    private volatile boolean left;
    private volatile boolean ending;
    private final Map<String, ProgramState> told = new HashMap<>();

    /**
     * A client of the launcher of this run.
     *
     * @param say receives each line for the terminal
     */
    public LauncherClient(RunFolder run, Installation installed, Consumer<String> say) {
        this.run = run;
        this.installed = installed;
        this.say = say;
    }

    /**
     * Starts the launcher. It and all that it started are ended when this process ends, also by Ctrl-C, unless it was
     * {@linkplain #leave left}.
     *
     * @param outliving whether it can be left, else not even kill -9 of this process leaves it running
     */
    public ChildProcess start(Plan plan, boolean outliving) {
        plan.write(run.plan());
        deleteStatus();
        List<String> options = new ArrayList<>(List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dmurmuration.root=" + installed.root()));
        options.addAll(installed.starts().options("launcher"));
        Program program = new Program(
                "launcher",
                options,
                installed.classPath(),
                MAIN,
                List.of("supervise", "--run", run.folder().toString()),
                Map.of(),
                run.folder());
        Path log = run.logs().resolve("launcher.log");
        ChildProcess launcher =
                outliving ? ChildProcess.startOutliving(program, log) : ChildProcess.start(program, log);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!left && launcher.alive()) {
                ending = true;
                launcher.stop(GRACE);
            }
        }));
        return launcher;
    }

    /** From now on the launcher goes on when this process ends. */
    public void leave() {
        left = true;
    }

    /**
     * Returns once every program is ready.
     *
     * @throws Failure with the one line of what could not start; everything else is ended by then
     */
    public void awaitReady(ChildProcess launcher, Plan plan) {
        long last = System.nanoTime() + MAX_START.toNanos();
        boolean servicesTold = false;
        while (true) {
            awaitEndIfEnding();
            Optional<LauncherStatus> status = LauncherStatus.read(run.status());
            if (status.isPresent()) {
                if (status.get().phase() == LauncherStatus.Phase.SERVICES && !servicesTold) {
                    servicesTold = true;
                    say("platform ready: broker, object store, registry, topics and schemas");
                }
                status.get().programs().forEach(this::tell);
                failure(status.get()).ifPresent(failure -> {
                    launcher.stop(GRACE);
                    throw failure;
                });
                if (status.get().ready(plan.programs())) {
                    return;
                }
                sayWhatIsWaitedFor(status.get());
            }
            if (!launcher.alive()) {
                throw new Failure("the launcher ended: see " + launcher.log());
            }
            if (System.nanoTime() > last) {
                launcher.stop(GRACE);
                throw new Failure("not ready within %d s: see %s".formatted(MAX_START.toSeconds(), run.logs()));
            }
            pause(LOOK);
        }
    }

    /** Says nothing more once this process is told to end: its shutdown hook ends the launcher meanwhile, and then the JVM. */
    public void awaitEndIfEnding() {
        if (ending) {
            say("ending what was started");
        }
        while (ending) {
            pause(Duration.ofHours(1));
        }
    }

    /** The folder of the run. */
    public RunFolder run() {
        return run;
    }

    /** Returns the reason why this run cannot continue, with the command's exit status; empty if it can. */
    public Optional<Failure> failure(LauncherStatus status) {
        Optional<ProgramState> failed =
                status.programs().stream().filter(ProgramState::isGivenUp).findFirst();
        int exitStatus = failed.map(LauncherClient::exitStatus).orElse(1);
        if (status.phase() == LauncherStatus.Phase.FAILED) {
            return Optional.of(new Failure(status.detail(), exitStatus));
        }
        return failed.map(state -> new Failure(
                "%s: %s (its log: %s)"
                        .formatted(state.program(), state.detail(), run.logs().resolve(state.program() + ".log")),
                exitStatus));
    }

    /** Returns the exit status of a command whose program was given up. */
    static int exitStatus(ProgramState state) {
        return state.phase() == ProgramState.Phase.MISCONFIGURED ? Failure.WRONG_SETTING : 1;
    }

    /** Says what changed since the last call. */
    public void tell(ProgramState state) {
        ProgramState before = told.put(state.program(), state);
        boolean platform = state.program().equals("platform") || state.program().equals("registry");
        if (before != null && state.restarts() > before.restarts()) {
            say("%s ended (%s), started again".formatted(state.program(), state.detail()));
        }
        boolean ready = state.phase() == ProgramState.Phase.READY;
        if (ready && !platform && (before == null || before.phase() != ProgramState.Phase.READY)) {
            say(state.program() + " ready");
        }
    }

    /** With the seconds since the start. */
    private void say(String line) {
        said = System.nanoTime();
        say.accept("%4d s  %s".formatted(Duration.ofNanos(said - started).toSeconds(), line));
    }

    private void sayWhatIsWaitedFor(LauncherStatus status) {
        if (System.nanoTime() - said < SILENCE.toNanos()) {
            return;
        }
        String awaited = status.phase() == LauncherStatus.Phase.PLATFORM ? status.detail() : unready(status);
        say("waiting for " + (awaited.isBlank() ? "the launcher" : awaited));
    }

    private String unready(LauncherStatus status) {
        return status.programs().stream()
                .filter(state -> state.phase() != ProgramState.Phase.READY)
                .map(state -> run.lastWords(state.program())
                        .map(words -> "%s (%s)".formatted(state.program(), words))
                        .orElse(state.program()))
                .collect(Collectors.joining(", "));
    }

    /**
     * Sleeps for this time.
     *
     * @throws Failure if interrupted
     */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    private void deleteStatus() {
        try {
            Files.deleteIfExists(run.status());
        } catch (IOException e) {
            throw new Failure("cannot delete " + run.status() + ": " + e.getMessage());
        }
    }
}
