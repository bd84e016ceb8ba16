package dev.murmuration.local.launch;

import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.Platform;
import dev.murmuration.local.platform.PlatformException;
import dev.murmuration.local.process.Program;
import dev.murmuration.local.process.ProgramState;
import dev.murmuration.local.process.Supervisor;
import dev.murmuration.local.settings.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The process that holds a run together: starts the platform and the services, prepares the platform, and keeps all of them
 * running until it is told to end. Only one can hold a run folder.
 */
public final class Launcher {

    private final RunFolder run;
    private final Plan plan;
    private final Installation installed;
    private volatile LauncherStatus.Phase phase = LauncherStatus.Phase.PLATFORM;
    private volatile String waitedFor = "";
    private final RestartLog log = new RestartLog(Clock.systemUTC(), System.out::println);

    /** Runs this plan; nothing is started yet. */
    public Launcher(RunFolder run, Plan plan, Installation installed) {
        this.run = run;
        this.plan = plan;
        this.installed = installed;
    }

    /** Runs until SIGTERM, or until something that it needs cannot start: then with that exit status. */
    public int run() {
        try (FileChannel file = lockFile()) {
            if (lock(file).isEmpty()) {
                throw new Failure("already running in " + run.folder());
            }
            run.launcher().write(ProcessHandle.current());
            Supervisor supervisor = new Supervisor(
                    run.logs(), run.pids(), plan.mostRestarts(), plan.restartWindow(), Clock.systemUTC(), this::tell);
            CountDownLatch gone = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                end(supervisor);
                gone.countDown();
            }));
            try {
                start(supervisor);
                gone.await();
                return 0;
            } catch (PlatformException | IllegalStateException e) {
                phase = LauncherStatus.Phase.FAILED;
                new LauncherStatus(LauncherStatus.Phase.FAILED, String.valueOf(e.getMessage()), supervisor.states())
                        .write(run.status());
                e.printStackTrace();
                return 1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + run.folder(), e);
        }
    }

    /** Whether a launcher holds this run folder. */
    public static boolean holds(RunFolder run) {
        if (!Files.exists(run.lock())) {
            return false;
        }
        try (FileChannel file = FileChannel.open(run.lock(), StandardOpenOption.WRITE)) {
            Optional<FileLock> free = lock(file);
            if (free.isPresent()) {
                free.get().release();
            }
            return free.isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + run.lock(), e);
        }
    }

    private FileChannel lockFile() throws IOException {
        Files.createDirectories(run.folder());
        return FileChannel.open(run.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Optional<FileLock> lock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private void start(Supervisor supervisor) {
        for (Program program : Platform.programs(plan.platform(), installed)) {
            supervisor.keep(program, Optional.empty());
        }
        // At once: each waits for the topics, while its JVM starts on what the platform leaves of the cores.
        for (String service : plan.services()) {
            supervisor.keep(
                    ServiceProgram.of(service, plan, run, installed),
                    Optional.of(ServiceProgram.health(service, plan)));
        }
        new ClusterSetup(plan.platform())
                .whichTells(what -> {
                    waitedFor = what;
                    supervisor.tell();
                })
                .run(() -> supervisor
                        .failed()
                        .map(state -> "%s: %s (its log: %s)"
                                .formatted(
                                        state.program(),
                                        state.detail(),
                                        run.logs().resolve(state.program() + ".log"))));
        plan.benchmarks().forEach((name, folder) -> new BenchmarkUpload(plan.platform()).put(name, folder));
        waitedFor = "";
        phase = LauncherStatus.Phase.SERVICES;
        supervisor.tell();
    }

    private void end(Supervisor supervisor) {
        boolean failed = phase == LauncherStatus.Phase.FAILED;
        phase = failed ? phase : LauncherStatus.Phase.ENDING;
        supervisor.end(plan.services());
        supervisor.close();
        run.launcher().delete();
        try {
            if (!failed) {
                Files.deleteIfExists(run.status());
            }
        } catch (IOException e) {
            System.err.println("could not delete " + run.status() + ": " + e);
        }
    }

    private void tell(List<ProgramState> states) {
        if (phase != LauncherStatus.Phase.ENDING) {
            log.tell(states);
        }
        if (phase == LauncherStatus.Phase.PLATFORM || phase == LauncherStatus.Phase.SERVICES) {
            new LauncherStatus(phase, waitedFor, states).write(run.status());
        }
    }
}
