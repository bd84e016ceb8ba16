package dev.murmuration.local;

import dev.murmuration.local.platform.PlatformSettings;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
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
                makeBucket(settings, process);
                return settings;
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException("the store does not start", failed);
            }
        }

        private static void makeBucket(PlatformSettings settings, Process process)
                throws IOException, InterruptedException {
            try (MinioClient client = MinioClient.builder()
                    .endpoint(settings.storeEndpoint())
                    .region("us-east-1")
                    .credentials(KEY, KEY)
                    .build()) {
                while (process.isAlive()) {
                    try {
                        client.makeBucket(MakeBucketArgs.builder()
                                .bucket(settings.bucket())
                                .build());
                        return;
                    } catch (Exception notYet) {
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                }
            } catch (Exception unclosed) {
                throw new IOException("the store ended, or its client does not close", unclosed);
            }
        }
    }
}
