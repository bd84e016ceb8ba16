package dev.murmuration.local;

import dev.murmuration.local.platform.Bucket;
import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;

/** The store of docker-compose.yml and of the overlay {@code local}, built from its Go module: {@code deploy/verify/go-tools.sh store}. */
@EnabledIf(value = "available", disabledReason = "versitygw is not built: deploy/verify/go-tools.sh store")
class ObjectStoreOfTheDeploymentIT extends ObjectStoreIT {

    private static final String KEY = "murmuration";

    /** Whether the program is there. */
    static boolean available() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        String cache = System.getenv()
                .getOrDefault(
                        "MURMURATION_DEPLOY_CACHE", System.getProperty("user.home") + "/.cache/murmuration/deploy");
        Path bin = Path.of(cache, "bin");
        if (!Files.isDirectory(bin)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(bin)) {
            return folders.map(folder -> folder.resolve("versitygw"))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    PlatformSettings platform() {
        return Started.SETTINGS;
    }

    private static final class Started {

        static final PlatformSettings SETTINGS = start();

        private static PlatformSettings start() {
            try {
                Path folder = Files.createTempDirectory("murmuration-store-");
                PlatformSettings settings = new PlatformSettings(
                        folder, 0, 0, PlatformSettings.freePort(), 0, 1, Duration.ofDays(1), KEY, KEY, "bucket");
                ProcessBuilder builder = new ProcessBuilder(
                                program().orElseThrow().toString(),
                                "--port",
                                "127.0.0.1:" + settings.storePort(),
                                "--quiet",
                                "posix",
                                Files.createDirectories(folder.resolve("objects"))
                                        .toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
                builder.environment().put("ROOT_ACCESS_KEY", KEY);
                builder.environment().put("ROOT_SECRET_KEY", KEY);
                Process process = builder.start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
                awaitListening(settings, process);
                // In us-east-1, which no request may name.
                try (Bucket bucket = new Bucket(settings)) {
                    bucket.make();
                }
                return settings;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("the store does not start", e);
            }
        }

        private static void awaitListening(PlatformSettings settings, Process process)
                throws IOException, InterruptedException {
            while (process.isAlive()) {
                try {
                    new Socket(InetAddress.getLoopbackAddress(), settings.storePort()).close();
                    return;
                } catch (ConnectException e) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
            throw new IOException("it ended");
        }
    }
}
