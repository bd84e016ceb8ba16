package dev.murmuration.local;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.platform.Preparation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.MinIOContainer;
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

        static final PlatformSettings SETTINGS = start();

        private static PlatformSettings start() {
            KafkaContainer kafka = new KafkaContainer("apache/kafka:4.1.2");
            MinIOContainer minio = new MinIOContainer("minio/minio:RELEASE.2025-09-07T16-13-09Z")
                    .withUserName("murmuration")
                    .withPassword("murmuration");
            GenericContainer<?> registry =
                    new GenericContainer<>("quay.io/apicurio/apicurio-registry:3.3.3").withExposedPorts(8080);
            kafka.start();
            minio.start();
            registry.start();
            String bootstrap = kafka.getBootstrapServers();
            PlatformSettings settings = new PlatformSettings(
                    Path.of("unused"),
                    Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1)),
                    0,
                    minio.getMappedPort(9000),
                    registry.getMappedPort(8080),
                    2,
                    Duration.ofDays(7),
                    minio.getUserName(),
                    minio.getPassword(),
                    "murmuration");
            new Preparation(settings).run(Optional::empty);
            return settings;
        }
    }
}
