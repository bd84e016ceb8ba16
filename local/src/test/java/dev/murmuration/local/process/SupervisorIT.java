package dev.murmuration.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real processes, which really die. */
@Timeout(60)
class SupervisorIT {

    @TempDir
    private Path folder;

    private final LinkedBlockingQueue<ProgramState> told = new LinkedBlockingQueue<>();

    @Test
    void startsAKilledProgramAgain() throws Exception {
        try (Supervisor supervisor = supervisor(5)) {
            supervisor.keep(sleeper(folder), Optional.empty());
            long first = await(ProgramState.Phase.READY).pid();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            ProgramState restarting = await(ProgramState.Phase.RESTARTING);
            ProgramState again = await(ProgramState.Phase.READY);
            assertThat(restarting.detail()).isEqualTo("exit status 137");
            assertThat(again.restarts()).isEqualTo(1);
            assertThat(again.pid()).isNotEqualTo(first);
        }
    }

    @Test
    void startsAHungProgramAgainAndSaysWhatIsDown() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer health = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        health.createContext("/", exchange -> {
            byte[] body = "{\"checks\":[{\"name\":\"progress\",\"status\":\"DOWN\"}]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        health.start();
        URI address = URI.create("http://localhost:" + health.getAddress().getPort() + "/");
        try (Supervisor supervisor = supervisor(5)) {
            supervisor.keep(sleeper(folder), Optional.of(new Health(address, address)));
            long first = await(ProgramState.Phase.READY).pid();

            status.set(503);

            assertThat(await(ProgramState.Phase.HUNG).detail())
                    .startsWith("its liveness check says 503: progress for ");
            assertThat(await(ProgramState.Phase.RESTARTING).detail())
                    .startsWith("hung: its liveness check says 503: progress for ");
            status.set(200);
            ProgramState again = await(ProgramState.Phase.READY);
            assertThat(again.restarts()).isEqualTo(1);
            assertThat(again.pid()).isNotEqualTo(first);
        } finally {
            health.stop(0);
        }
    }

    @Test
    void leavesAProgramWithAWrongSettingAndRepeatsItsLine() throws Exception {
        try (Supervisor supervisor = supervisor(5)) {
            supervisor.keep(sleeper(folder, "78"), Optional.empty());

            ProgramState failed = await(ProgramState.Phase.MISCONFIGURED);

            assertThat(failed.detail()).isEqualTo("told to end with 78");
            assertThat(failed.restarts()).isZero();
        }
    }

    @Test
    void givesUpAProgramThatCannotLive() throws Exception {
        try (Supervisor supervisor = supervisor(1)) {
            supervisor.keep(sleeper(folder, "70"), Optional.empty());

            assertThat(await(ProgramState.Phase.FAILED).restarts()).isEqualTo(1);
        }
    }

    @Test
    void endsEverythingWhenClosed() throws Exception {
        long pid;
        try (Supervisor supervisor = supervisor(5)) {
            supervisor.keep(sleeper(folder), Optional.empty());
            pid = await(ProgramState.Phase.READY).pid();
        }

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(PidFile.in(folder.resolve("pids"))).isEmpty();
    }

    @Test
    void nothingOutlivesAStarterThatWasKilled() throws Exception {
        Path run = Files.createDirectories(folder.resolve("run"));
        Program starter = new Program(
                "starter",
                List.of("-Xmx32m"),
                classPath(),
                Starter.class.getName(),
                List.of(run.toString()),
                Map.of(),
                run);
        try (ChildProcess child = ChildProcess.start(starter, folder.resolve("starter.log"))) {
            awaitThat(() -> !pids(run).isEmpty());
            ProcessHandle grandchild = ProcessHandle.of(pids(run).getFirst()).orElseThrow();

            child.kill();

            grandchild.onExit().get(30, TimeUnit.SECONDS);
            assertThat(grandchild.isAlive()).isFalse();
        }
    }

    static Program sleeper(Path folder, String... exitStatus) {
        List<String> arguments = Stream.concat(Stream.of(folder.toString()), Arrays.stream(exitStatus))
                .toList();
        return new Program(
                "sleeper", List.of("-Xmx32m"), classPath(), Sleeper.class.getName(), arguments, Map.of(), folder);
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path"));
    }

    private Supervisor supervisor(int mostRestarts) {
        return new Supervisor(
                folder.resolve("logs"),
                folder.resolve("pids"),
                mostRestarts,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Clock.systemUTC(),
                states -> told.addAll(states));
    }

    private ProgramState await(ProgramState.Phase phase) throws InterruptedException {
        while (true) {
            ProgramState state = told.take();
            if (state.phase() == phase) {
                return state;
            }
        }
    }

    private static List<Long> pids(Path run) {
        try (Stream<Path> files = Files.list(run)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitThat(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
