package dev.murmuration.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes come up, refuse to come up twice, and go, however they are ended. */
class LauncherIT {

    private static final List<String> PORTS = List.of(
            "PLATFORM_KAFKA_PORT",
            "PLATFORM_CONTROLLER_PORT",
            "PLATFORM_S3_PORT",
            "PLATFORM_REGISTRY_PORT",
            "PLATFORM_CRAWLER_PORT",
            "PLATFORM_TEACHER_PORT",
            "PLATFORM_FILTER_PORT",
            "PLATFORM_TRAINER_PORT",
            "PLATFORM_EVALUATOR_PORT",
            "PLATFORM_CONSOLE_PORT");

    private static final String SECRET = "hush-4711-of-this-test";

    @TempDir
    private Path folder;

    @Test
    void runsOnceAndLeavesNoProcessEvenWhenItsLauncherIsKilled() throws Exception {
        Map<String, String> environment = ports();
        environment.put("CRAWLER_SIMULATOR_RECORDS", "10");
        environment.put("S3_SECRET_KEY", SECRET);
        environment.put("CRAWLER_AUTHOR_SALT", SECRET);
        try (Command up = Command.start(folder, environment, "up")) {
            Command.Result first = up.await();
            assertThat(first.exitStatus()).as(first.output()).isZero();
            assertThat(up.running("")).hasSize(9);
            assertThat(first.output()).contains("made a key that exports are signed with: ");
            assertThat(folder.resolve("run/keys/signing.pem.pub")).isNotEmptyFile();
            assertThat(Files.getPosixFilePermissions(folder.resolve("run/keys/signing.pem")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

            Command.Result second = up.then("up");
            assertThat(second.exitStatus()).isEqualTo(1);
            assertThat(second.output()).contains("already running").contains("./murmuration down");

            List<ProcessHandle> all = up.running("");
            assertThat(all)
                    .noneMatch(
                            process -> process.info().commandLine().orElse("").contains(SECRET));
            assertThat(logs()).isNotEmpty().noneMatch(log -> contains(log, SECRET));
            assertThat(Files.getPosixFilePermissions(folder.resolve("run/plan.properties")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            up.program("", "launcher").process().orElseThrow().destroyForcibly();
            for (ProcessHandle process : all) {
                process.onExit().get(60, TimeUnit.SECONDS);
            }
            Command.Result down = up.then("down");
            assertThat(down.exitStatus()).as(down.output()).isZero();
            assertThat(up.running("")).isEmpty();
        }
    }

    @Test
    void endsEverythingOnCtrlC() throws Exception {
        try (Command demo = Command.start(folder, Map.of("CRAWLER_SIMULATOR_RATE", "1"), "demo", "--records", "500")) {
            demo.until("the platform", () -> demo.running("demo").size() == 8);
            List<ProcessHandle> all = demo.running("demo");

            demo.interrupt();

            assertThat(demo.await().exitStatus()).isNotZero();
            assertThat(all).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void namesTheSettingOfABusyPort() throws Exception {
        Map<String, String> environment = ports();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("PLATFORM_S3_PORT", Integer.toString(busy.getLocalPort()));
            try (Command up = Command.start(folder, environment, "up")) {
                Command.Result result = up.await();

                assertThat(result.exitStatus()).isEqualTo(78);
                assertThat(result.output().strip().lines())
                        .singleElement()
                        .asString()
                        .contains("platform.s3.port = " + busy.getLocalPort() + ": the port is in use");
            }
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("run/logs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, String> ports() throws IOException {
        Map<String, String> ports = new HashMap<>();
        PORTS.forEach(name -> ports.put(name, Integer.toString(PlatformSettings.freePort())));
        return ports;
    }
}
