package dev.murmuration.local;

import dev.murmuration.local.platform.ClusterSetup;
import dev.murmuration.local.platform.PlatformSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The same platform from other people's images, the ones of docker-compose.yml: started once per JVM, ended with it by Testcontainers. */
final class ContainerPlatform {

    private ContainerPlatform() {}

    /** Whether a Docker engine answers; where none does, the tests on containers are skipped and say so. */
    static boolean available() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    static PlatformSettings settings() {
        return Started.SETTINGS;
    }

    private static final class Started {

        private static final String KEY = "murmuration";

        static final PlatformSettings SETTINGS = start();

        private static PlatformSettings start() {
            KafkaContainer kafka = new KafkaContainer("apache/kafka:4.1.2");
            GenericContainer<?> store = new GenericContainer<>("ghcr.io/versity/versitygw:v1.8.0")
                    .withEnv(Map.of("ROOT_ACCESS_KEY", KEY, "ROOT_SECRET_KEY", KEY))
                    .withCommand("--port", ":9000", "--health", "/health", "--quiet", "posix", "/srv")
                    .withExposedPorts(9000)
                    .waitingFor(Wait.forHttp("/health"));
            GenericContainer<?> registry =
                    new GenericContainer<>("quay.io/apicurio/apicurio-registry:3.3.3").withExposedPorts(8080);
            kafka.start();
            store.start();
            registry.start();
            String bootstrap = kafka.getBootstrapServers();
            PlatformSettings settings = new PlatformSettings(
                    Path.of("unused"),
                    Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1)),
                    0,
                    store.getMappedPort(9000),
                    registry.getMappedPort(8080),
                    2,
                    Duration.ofDays(7),
                    KEY,
                    KEY,
                    "murmuration");
            new ClusterSetup(settings).run(Optional::empty);
            return settings;
        }
    }
}
