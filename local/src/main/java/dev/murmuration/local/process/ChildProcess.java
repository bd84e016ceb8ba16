package dev.murmuration.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A started {@link Program}. It ends at the latest with this process, see {@link ParentWatchdog}. */
public final class ChildProcess implements AutoCloseable {

    private static final Duration GRACE = StartCache.grace(Duration.ofSeconds(20));

    private final Program program;
    private final Process process;
    private final Path log;

    private ChildProcess(Program program, Process process, Path log) {
        this.program = program;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a program; its output is appended to the log file, whose folder is created.
     *
     * @throws UncheckedIOException if the operating system cannot start it
     */
    public static ChildProcess start(Program program, Path log) {
        return start(program, program.command(), log);
    }

    /** Starts a program that outlives this process: without a watchdog, ignoring the terminal's hang-up signal. */
    public static ChildProcess startOutliving(Program program, Path log) {
        List<String> command = new ArrayList<>(List.of("nohup"));
        command.addAll(program.commandWithoutWatchdog());
        return start(program, command, log);
    }

    private static ChildProcess start(Program program, List<String> command, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Files.createDirectories(program.directory()).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(program.environment());
            return new ChildProcess(program, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program.name(), e);
        }
    }

    /** Name of the program. */
    public String name() {
        return program.name();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    /** The operating system's view of it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it is running. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Completes with the exit status; after signal n it is 128 + n. */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Sends SIGTERM, and SIGKILL if it has not ended within the grace period. Returns when it has ended. */
    public void stop(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once (SIGKILL), as a crash would. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** {@link #stop} within 20 s. */
    @Override
    public void close() {
        stop(GRACE);
    }
}
