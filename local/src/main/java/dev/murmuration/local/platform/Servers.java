package dev.murmuration.local.platform;

import dev.murmuration.local.process.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Main class of the platform's JVM: the broker and the object store, so that the crash of a service does not affect them. */
public final class Servers {

    private Servers() {}

    /** How to start them with these settings. */
    static Program program(PlatformSettings settings, Installation installed) {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        options.addAll(installed.starts().options("platform"));
        return new Program(
                        "platform",
                        options,
                        installed.classPath(),
                        Servers.class.getName(),
                        List.of(),
                        Map.of(),
                        settings.directory())
                .with(Map.of(
                        "platform.directory",
                                settings.directory().toAbsolutePath().toString(),
                        "platform.kafka.port", Integer.toString(settings.kafkaPort()),
                        "platform.controller.port", Integer.toString(settings.controllerPort()),
                        "platform.s3.port", Integer.toString(settings.storePort())))
                .withEnvironment(settings.keys());
    }

    /** Runs until SIGTERM, or until the process that started it has ended. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(System.getProperty("platform.directory"));
        ObjectServer store = ObjectServer.start(
                directory.resolve("objects"),
                Integer.getInteger("platform.s3.port"),
                System.getenv("S3_ACCESS_KEY"),
                System.getenv("S3_SECRET_KEY"));
        Broker broker = Broker.start(
                directory.resolve("kafka"),
                Integer.getInteger("platform.kafka.port"),
                Integer.getInteger("platform.controller.port"));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (store) {
                broker.close();
            } finally {
                ended.countDown();
            }
        }));
        ended.await();
    }
}
