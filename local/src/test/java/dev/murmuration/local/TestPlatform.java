package dev.murmuration.local;

import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.Platform;
import dev.murmuration.local.platform.PlatformSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The real platform for `*IT` tests: started once per JVM on free ports in a folder of its own, ended with the JVM. */
public final class TestPlatform {

    private TestPlatform() {}

    /** Started at the first call, in some seconds. Tests of one JVM share it. */
    public static PlatformSettings settings() {
        return Started.PLATFORM.settings();
    }

    /** Empties every topic, for a test that must see only its own records; close consumers and producers first. */
    public static void recreateTopics() {
        new ClusterSetup(settings()).recreateTopics();
    }

    private static final class Started {

        static final Platform PLATFORM = start();

        private static Platform start() {
            try {
                Path directory = Files.createTempDirectory("murmuration-platform-");
                Platform platform = Platform.start(PlatformSettings.onFreePorts(directory), Installation.find());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(platform, directory)));
                return platform;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void end(Platform platform, Path directory) {
            platform.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                System.err.println("could not empty " + directory + ": " + e);
            }
        }
    }
}
