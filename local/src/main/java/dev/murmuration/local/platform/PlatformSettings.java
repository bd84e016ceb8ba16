package dev.murmuration.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the platform runs on this machine. It listens on the loopback interface only.
 *
 * @param directory of the files of broker and object store, and the logs
 * @param kafkaPort `platform.kafka.port`
 * @param controllerPort `platform.controller.port`, of the broker's KRaft controller
 * @param storePort `platform.s3.port`
 * @param registryPort `platform.registry.port`
 * @param partitions `platform.partitions`, of the topics whose number of partitions is configurable
 * @param retention `platform.retention`, retention of the topics with the policy delete
 * @param accessKey `s3.access-key`
 * @param secretKey `s3.secret-key`
 * @param bucket `s3.bucket`
 */
public record PlatformSettings(
        Path directory,
        int kafkaPort,
        int controllerPort,
        int storePort,
        int registryPort,
        int partitions,
        Duration retention,
        String accessKey,
        String secretKey,
        String bucket) {

    /** Maximum size of an upload in one S3 request, in bytes. */
    private static final String MAX_PUT = Long.toString(5L << 30);

    /** Checks the settings. */
    public PlatformSettings {
        if (partitions < 1 || partitions > 1000) {
            throw new IllegalArgumentException("platform.partitions=" + partitions + ": must be from 1 to 1000");
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("platform.retention=" + retention + ": must be a positive duration");
        }
    }

    /** The platform of a test: free ports, two partitions. */
    public static PlatformSettings onFreePorts(Path directory) {
        return new PlatformSettings(
                directory,
                freePort(),
                freePort(),
                freePort(),
                freePort(),
                2,
                Duration.ofDays(7),
                "murmuration",
                "murmuration",
                "murmuration");
    }

    /** Where clients find the broker. */
    public String bootstrapServers() {
        return "localhost:" + kafkaPort;
    }

    /** Where clients find the registry, version 3 of its own API. */
    public String registryUrl() {
        return "http://localhost:" + registryPort + "/apis/registry/v3";
    }

    /** Where clients find the object store. */
    public String storeEndpoint() {
        return "http://localhost:" + storePort;
    }

    /** The settings with which every service reaches the platform. */
    public Map<String, String> forServices() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("kafka.bootstrap.servers", bootstrapServers());
        settings.put("registry.url", registryUrl());
        settings.put("s3.endpoint", storeEndpoint());
        settings.put("s3.access-key", accessKey);
        settings.put("s3.secret-key", secretKey);
        settings.put("s3.bucket", bucket);
        settings.put(
                "s3.multipart-threshold", MAX_PUT); // This store copies all parts once more to make them one object.
        return settings;
    }

    /** The keys of the object store by their environment variables: every user of this machine can see command lines. */
    public Map<String, String> keys() {
        return Map.of("S3_ACCESS_KEY", accessKey, "S3_SECRET_KEY", secretKey);
    }

    /** Its address, with one replica of everything. */
    public Site site() {
        return new Site(
                Map.of("bootstrap.servers", bootstrapServers(), "reconnect.backoff.max.ms", "200"),
                new RegistryAddress(registryUrl(), Optional.empty(), Optional.empty(), Optional.empty()),
                new StoreAddress(storeEndpoint(), "us-east-1", accessKey, secretKey, bucket, Optional.empty()),
                new TopicPlan(true, partitions, 1, retention));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "%s at %s, %s, %s".formatted(directory, bootstrapServers(), registryUrl(), storeEndpoint());
    }

    /** A port of the loopback interface that nothing listens on now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
