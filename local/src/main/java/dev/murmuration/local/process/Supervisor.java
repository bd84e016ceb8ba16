package dev.murmuration.local.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps programs running: starts them, restarts those that crash, and ends them all when closed. One thread per program; a
 * listener receives every change.
 */
public final class Supervisor implements AutoCloseable {

    private static final Duration GRACE = StartCache.grace(Duration.ofSeconds(20));
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(200);
    private static final int LAST_LINES = 50;
    private static final Duration PROBE = Duration.ofSeconds(2);

    private final Path logs;
    private final Path pids;
    private final int mostRestarts;
    private final Duration window;
    private final Clock clock;
    private final Consumer<List<ProgramState>> listener;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE)
            .build();

    @GuardedBy("this")
    private final Map<String, Keeper> keepers = new LinkedHashMap<>();

    /**
     * Creates a supervisor without programs.
     *
     * @param logs folder of the programs' output, one file each
     * @param pids folder of the pid files
     * @param mostRestarts maximum number of restarts within the window, after which a program is given up
     * @param listener receives all states whenever one changes; called by one thread at a time
     */
    public Supervisor(
            Path logs,
            Path pids,
            int mostRestarts,
            Duration window,
            Clock clock,
            Consumer<List<ProgramState>> listener) {
        this.logs = logs;
        this.pids = pids;
        this.mostRestarts = mostRestarts;
        this.window = window;
        this.clock = clock;
        this.listener = listener;
    }

    /** Starts a program and keeps it running. It is ready when the address answers 200, or at once without one. */
    public synchronized void keep(Program program, Optional<URI> readiness) {
        Keeper keeper = new Keeper(program, readiness);
        keepers.put(program.name(), keeper);
        keeper.thread = Thread.ofVirtual().name("keep-" + program.name()).start(keeper::run);
    }

    /** The state of every program, in the order in which they were started. */
    public synchronized List<ProgramState> states() {
        return keepers.values().stream().map(keeper -> keeper.state).toList();
    }

    /** The first program that was given up, if there is one. */
    public Optional<ProgramState> failed() {
        return states().stream().filter(ProgramState::isGivenUp).findFirst();
    }

    /** Ends these programs, all at the same time, and returns when they have ended. */
    public void end(List<String> programs) {
        List<Keeper> ending = new ArrayList<>();
        synchronized (this) {
            programs.forEach(name -> Optional.ofNullable(keepers.get(name)).ifPresent(ending::add));
        }
        List<Thread> stops = ending.stream()
                .map(keeper -> Thread.ofVirtual().start(keeper::end))
                .toList();
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends all programs, the last started first. */
    @Override
    public void close() {
        List<String> names;
        synchronized (this) {
            names = new ArrayList<>(keepers.keySet());
        }
        names.reversed().forEach(name -> end(List.of(name)));
    }

    /** Passes all states to the listener, although none has changed. */
    public synchronized void tell() {
        listener.accept(states());
    }

    private synchronized void tell(Keeper keeper, ProgramState state) {
        if (!state.equals(keeper.state)) {
            keeper.state = state;
            listener.accept(states());
        }
    }

    private final class Keeper {

        private final Program program;
        private final Optional<URI> readiness;
        private final Path log;
        private final PidFile pidFile;
        private final RestartPolicy restarts = new RestartPolicy(mostRestarts, window);
        private final CountDownLatch ending = new CountDownLatch(1);
        private volatile ProgramState state;
        private Thread thread = Thread.currentThread();
        private int started;
        /** Why it last ended; empty if it never did. */
        private String lastEnd = "";

        Keeper(Program program, Optional<URI> readiness) {
            this.program = program;
            this.readiness = readiness;
            this.log = logs.resolve(program.name() + ".log");
            this.pidFile = PidFile.of(pids, program.name());
            this.state = new ProgramState(program.name(), ProgramState.Phase.STARTING, 0, 0, "");
        }

        void run() {
            try {
                while (ending.getCount() > 0) {
                    ChildProcess child = ChildProcess.start(program, log);
                    pidFile.write(child.handle());
                    int exitStatus = live(child);
                    if (ending.getCount() == 0 || !again(exitStatus)) {
                        break;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                tell(
                        this,
                        new ProgramState(
                                program.name(), ProgramState.Phase.FAILED, 0, started, String.valueOf(e.getMessage())));
            } finally {
                pidFile.delete();
            }
        }

        private int live(ChildProcess child) throws InterruptedException {
            started++;
            try {
                tell(this, now(ProgramState.Phase.STARTING, child));
                while (child.alive() && ending.getCount() > 0 && !ready()) {
                    ending.await(BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS);
                }
                if (child.alive() && ending.getCount() > 0) {
                    tell(this, now(ProgramState.Phase.READY, child));
                }
                while (child.alive() && ending.getCount() > 0) {
                    ending.await(BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS);
                }
            } finally {
                child.stop(GRACE);
            }
            return child.exit().join();
        }

        private boolean again(int exitStatus) throws InterruptedException {
            if (exitStatus == 0) {
                tell(this, new ProgramState(program.name(), ProgramState.Phase.DONE, 0, started - 1, ""));
                return false;
            }
            return switch (restarts.after(exitStatus, clock.instant())) {
                case RestartPolicy.Decision.GiveUp(ProgramState.Phase phase, String why) -> {
                    tell(
                            this,
                            new ProgramState(
                                    program.name(),
                                    phase,
                                    0,
                                    started - 1,
                                    lastWords().orElse(why)));
                    yield false;
                }
                case RestartPolicy.Decision.Again(Duration pause) -> {
                    lastEnd = "exit status " + exitStatus
                            + lastWords().map(words -> ", " + words).orElse("");
                    tell(
                            this,
                            new ProgramState(program.name(), ProgramState.Phase.RESTARTING, 0, started - 1, lastEnd));
                    yield !ending.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            };
        }

        private ProgramState now(ProgramState.Phase phase, ChildProcess child) {
            return new ProgramState(program.name(), phase, child.handle().pid(), started - 1, lastEnd);
        }

        private boolean ready() throws InterruptedException {
            if (readiness.isEmpty()) {
                return true;
            }
            try {
                HttpRequest probe =
                        HttpRequest.newBuilder(readiness.get()).timeout(PROBE).build();
                return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false;
            }
        }

        private Optional<String> lastWords() {
            try {
                List<String> lines =
                        Files.readString(log, StandardCharsets.UTF_8).lines().toList();
                return LastWords.of(
                        program.name(), lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        void end() {
            ending.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
