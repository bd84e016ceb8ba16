package dev.murmuration.systemtest;

import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.PidFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** `./murmuration` with a run folder of its own. Closing it ends what it started, whatever the test came to. */
final class Command implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(6);

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final Path output;
    private Process process;

    private Command(Path folder, Map<String, String> environment, Process process, Path output) {
        this.folder = folder;
        this.environment.putAll(environment);
        this.process = process;
        this.output = output;
    }

    /**
     * Starts the command.
     *
     * @param folder where it keeps its run folder and this its output
     * @param environment added to this process's own
     */
    static Command start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        return new Command(folder, environment, process(folder, environment, output, arguments), output);
    }

    /** Runs another command on the same run folder, to its end. */
    Result then(String... arguments) throws IOException, InterruptedException {
        Path file = Files.createTempFile(folder, "output", ".txt");
        Process other = process(folder, environment, file, arguments);
        return result(other, file);
    }

    /** Waits for its end. */
    Result await() throws IOException, InterruptedException {
        return result(process, output);
    }

    /** What it has printed so far. */
    String printed() throws IOException {
        return Files.readString(output);
    }

    /** Sends it the signal of Ctrl-C, as a terminal does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The process of one of its programs. */
    PidFile program(String run, String name) {
        return PidFile.of(folder.resolve("run").resolve(run).resolve("pids"), name);
    }

    /** Every process that it has written down and that runs. */
    List<ProcessHandle> running(String run) {
        List<ProcessHandle> running = new ArrayList<>();
        PidFile.in(folder.resolve("run").resolve(run).resolve("pids"))
                .forEach(file -> file.process().ifPresent(running::add));
        return running;
    }

    /** Waits until something is so, at most as long as any command may take. */
    void until(String what, BooleanSupplier condition) throws IOException {
        long last = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > last || !process.isAlive()) {
                throw new AssertionError("never came: " + what + "\n" + printed());
            }
            Thread.onSpinWait();
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
                throw new AssertionError(hurried);
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        process(folder, environment, Files.createTempFile(folder, "output", ".txt"), "down")
                .onExit()
                .join();
    }

    /** How a command ended and what it printed. */
    record Result(int exitStatus, String output) {}

    private static Result result(Process process, Path output) throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("still running after " + LONGEST + "\n" + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private static Process process(Path folder, Map<String, String> environment, Path output, String... arguments)
            throws IOException {
        // A shell lets what it starts in the background ignore Ctrl-C, and that is inherited: a test run from there
        // would wait for its end for ever.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Installation.find().root().resolve("murmuration").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("MURMURATION_RUN", folder.resolve("run").toString());
        // This runs within a build.
        builder.environment().put("MURMURATION_BUILD", "never");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
