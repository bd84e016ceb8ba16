package dev.murmuration.local.platform;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** An Apache Kafka broker with its KRaft controller in this JVM, replication factor 1, sized for one machine. */
final class Broker implements AutoCloseable {

    private static final String CONTROLLER = "CONTROLLER";

    private final KafkaRaftServer server;

    private Broker(KafkaRaftServer server) {
        this.server = server;
    }

    /** Starts on this directory, which is formatted if it is new. Returns when the broker accepts requests. */
    static Broker start(Path directory, int port, int controllerPort) throws Exception {
        return start(directory, port, controllerPort, Map.of());
    }

    /** As above, with Kafka settings that override ours. */
    static Broker start(Path directory, int port, int controllerPort, Map<String, String> further) throws Exception {
        Path data = Files.createDirectories(directory).toAbsolutePath();
        format(data);
        Properties properties = properties(data, port, controllerPort);
        properties.putAll(further);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        return new Broker(server);
    }

    private static void format(Path data) throws Exception {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(1)
                    .setClusterId(clusterId(data))
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(CONTROLLER)
                    .setIgnoreFormatted(true)
                    .run();
        }
    }

    private static String clusterId(Path data) throws IOException {
        Path meta = data.resolve("meta.properties");
        Properties known = new Properties();
        if (Files.exists(meta)) {
            try (var reader = Files.newBufferedReader(meta)) {
                known.load(reader);
            }
        }
        return known.getProperty("cluster.id", Uuid.randomUuid().toString());
    }

    private static Properties properties(Path data, int port, int controllerPort) {
        Properties kafka = new Properties();
        kafka.put("process.roles", "broker,controller");
        kafka.put("node.id", "1");
        kafka.put("listeners", "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controllerPort));
        kafka.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        kafka.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        kafka.put("controller.listener.names", CONTROLLER);
        kafka.put("inter.broker.listener.name", "PLAINTEXT");
        kafka.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        kafka.put("log.dirs", data.toString());
        kafka.put("auto.create.topics.enable", "false");
        // One broker: nothing to replicate to, no members to wait for.
        kafka.put("offsets.topic.replication.factor", "1");
        kafka.put("offsets.topic.num.partitions", "4");
        kafka.put("transaction.state.log.replication.factor", "1");
        kafka.put("transaction.state.log.min.isr", "1");
        kafka.put("transaction.state.log.num.partitions", "4");
        kafka.put("share.coordinator.state.topic.replication.factor", "1");
        kafka.put("share.coordinator.state.topic.min.isr", "1");
        kafka.put("group.initial.rebalance.delay.ms", "0");
        // The defaults are for a server: 128 MiB for the cleaner, 10 MiB an index, a GiB a segment.
        kafka.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        kafka.put("log.segment.bytes", Integer.toString(64 << 20));
        kafka.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        kafka.put("num.network.threads", "2");
        kafka.put("num.io.threads", "4");
        kafka.put("background.threads", "2");
        return kafka;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
