package dev.murmuration.local.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    /** How long a liveness check may fail before its program is restarted, and how often it is asked: much as in k8s/. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    /** After this long of being ready an earlier end is history: it is in the launcher's log. */
    private static final Duration RECOVERED = Duration.ofMinutes(1);

    private final Path logs;
    private final Path pids;
    private final int mostRestarts;
    private final Duration window;
    private final Clock clock;
    private final Consumer<List<ProgramState>> listener;
    private final Duration patience;

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
        this(logs, pids, mostRestarts, window, PATIENCE, clock, listener);
    }

    /** As above, restarting a program whose liveness check has failed for this long. */
    Supervisor(
            Path logs,
            Path pids,
            int mostRestarts,
            Duration window,
            Duration patience,
            Clock clock,
            Consumer<List<ProgramState>> listener) {
        this.logs = logs;
        this.pids = pids;
        this.mostRestarts = mostRestarts;
        this.window = window;
        this.patience = patience;
        this.clock = clock;
        this.listener = listener;
    }

    /** Starts a program and keeps it running and alive, as its health says; without one it is ready at once. */
    public synchronized void keep(Program program, Optional<Health> health) {
        Keeper keeper = new Keeper(program, health);
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
        private final Optional<Health> health;
        private final Path log;
        private final PidFile pidFile;
        private final RestartPolicy restarts = new RestartPolicy(mostRestarts, window);
        private final CountDownLatch ending = new CountDownLatch(1);
        private volatile ProgramState state;
        private Thread thread = Thread.currentThread();
        private int started;
        /** Why it last ended; empty if it never did, or has recovered. */
        private String lastEnd = "";
        /** Why it is being ended; empty if it ended by itself. */
        private String illness = "";

        Keeper(Program program, Optional<Health> health) {
            this.program = program;
            this.health = health;
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
                watch(child);
            } finally {
                child.stop(illness.isEmpty() ? GRACE : Duration.ZERO);
            }
            return child.exit().join();
        }

        /** Returns when the program has ended, is to end, or has been ill for longer than patience lasts. */
        private void watch(ChildProcess child) throws InterruptedException {
            Instant readySince = clock.instant();
            Instant lastAlive = readySince;
            Instant asked = readySince;
            if (child.alive() && ending.getCount() > 0) {
                tell(this, now(ProgramState.Phase.READY, child));
            }
            while (child.alive() && ending.getCount() > 0) {
                ending.await(BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS);
                Instant now = clock.instant();
                if (now.isBefore(asked.plus(patience.compareTo(BETWEEN_CHECKS) < 0 ? patience : BETWEEN_CHECKS))) {
                    continue;
                }
                asked = now;
                Optional<String> problem =
                        health.isEmpty() ? Optional.empty() : health.get().illness();
                if (problem.isEmpty()) {
                    lastAlive = now;
                    if (now.isAfter(readySince.plus(RECOVERED))) {
                        lastEnd = "";
                    }
                    tell(this, now(ProgramState.Phase.READY, child));
                } else if (child.alive() && ending.getCount() > 0) {
                    String since = "%s for %d s"
                            .formatted(
                                    problem.get(),
                                    Duration.between(lastAlive, clock.instant()).toSeconds());
                    tell(
                            this,
                            new ProgramState(
                                    program.name(),
                                    ProgramState.Phase.HUNG,
                                    child.handle().pid(),
                                    started - 1,
                                    since));
                    if (clock.instant().isAfter(lastAlive.plus(patience))) {
                        illness = since;
                        return;
                    }
                }
            }
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
                    lastEnd = illness.isEmpty()
                            ? "exit status " + exitStatus
                                    + lastWords().map(words -> ", " + words).orElse("")
                            : "hung: " + illness;
                    illness = "";
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
            return health.isEmpty() || health.get().isReady();
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
