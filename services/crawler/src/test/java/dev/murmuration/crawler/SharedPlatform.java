package dev.murmuration.crawler;

import dev.murmuration.local.TestPlatform;
import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.PlatformSettings;
import java.nio.file.Path;

/** One platform for all tests of this JVM: Quarkus loads the classes of its tests a second time, and they would start a second one. */
final class SharedPlatform {

    private static final String PROPERTY = "murmuration.crawler.test-platform";

    private SharedPlatform() {}

    /** Started at the first call, by whichever class loader. */
    static PlatformSettings settings() {
        // Tests run one after the other, on threads that hand over.
        String known = System.getProperty(PROPERTY);
        if (known == null) {
            PlatformSettings started = TestPlatform.settings();
            System.setProperty(
                    PROPERTY,
                    "%d,%d,%d,%d,%s"
                            .formatted(
                                    started.kafkaPort(),
                                    started.controllerPort(),
                                    started.storePort(),
                                    started.registryPort(),
                                    started.directory()));
            return started;
        }
        String[] parts = known.split(",", 5);
        PlatformSettings like = PlatformSettings.onFreePorts(Path.of(parts[4]));
        return new PlatformSettings(
                like.directory(),
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                like.partitions(),
                like.retention(),
                like.accessKey(),
                like.secretKey(),
                like.bucket());
    }

    static void recreateTopics() {
        new ClusterSetup(settings()).recreateTopics();
    }
}
