package dev.murmuration.deploy;

import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleClusterResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker as Strimzi makes one of {@code listeners: tls} and {@code authorization: simple}: whoever comes shows a certificate
 * and may do what the ACLs say.
 */
final class SecuredBroker implements AutoCloseable {

    /** Whom the broker does not ask for rights. */
    static final String ADMIN = "admin";

    static final String BROKER = "broker";

    private static final String CLUSTER = "bXVybXVyYXRpb24tMDAwMQ";

    private final ChildProcess child;
    private final int port;
    private final Keys keys;

    private SecuredBroker(ChildProcess child, int port, Keys keys) {
        this.child = child;
        this.port = port;
        this.keys = keys;
    }

    static SecuredBroker start(Path folder, Path logs, int port, int controllerPort, Keys keys)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Map<String, String> settings = new TreeMap<>(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@localhost:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "listeners", "TLS://localhost:%d,CONTROLLER://localhost:%d".formatted(port, controllerPort),
                "advertised.listeners", "TLS://localhost:" + port,
                "inter.broker.listener.name", "TLS",
                "listener.security.protocol.map", "TLS:SSL,CONTROLLER:SSL",
                "log.dirs", folder.resolve("data").toString(),
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"));
        settings.putAll(Map.of(
                "super.users", "User:CN=%s;User:CN=%s".formatted(ADMIN, BROKER),
                "auto.create.topics.enable", "false",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20),
                "group.initial.rebalance.delay.ms", "0"));
        settings.putAll(tls(keys, BROKER));
        settings.put("ssl.client.auth", "required");
        Path file = folder.resolve("server.properties");
        Files.write(
                file,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        Path logging = Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="stdout" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{HH:mm:ss} %-5level [%logger{20}] %msg%n%ex{5}</pattern></encoder>
                  </appender>
                  <logger name="kafka.authorizer.logger" level="INFO" />
                  <root level="WARN"><appender-ref ref="stdout" /></root>
                </configuration>
                """);
        ChildProcess format = ChildProcess.start(
                program(
                        folder,
                        logging,
                        "kafka.tools.StorageTool",
                        List.of("format", "--ignore-formatted", "-t", CLUSTER, "-c", file.toString())),
                logs.resolve("format.log"));
        if (format.exit().join() != 0) {
            throw new IOException(Files.readString(format.log()));
        }
        ChildProcess broker = ChildProcess.start(
                program(folder, logging, "kafka.Kafka", List.of(file.toString())), logs.resolve("broker.log"));
        return new SecuredBroker(broker, port, keys);
    }

    private static Program program(Path folder, Path logging, String main, List<String> arguments) {
        return new Program(
                "broker",
                List.of("-Xmx384m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=" + logging),
                Installation.find().classPath(),
                main,
                arguments,
                Map.of(),
                folder);
    }

    private static Map<String, String> tls(Keys keys, String user) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keys.store(user).toString(),
                "ssl.keystore.password",
                Keys.PASSWORD,
                "ssl.key.password",
                Keys.PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                keys.trusted().toString(),
                "ssl.truststore.password",
                Keys.PASSWORD);
    }

    Admin client(String user) {
        Map<String, Object> settings = settings(user);
        settings.put("default.api.timeout.ms", 300_000);
        return Admin.create(settings);
    }

    /** What a client of this user needs. */
    Map<String, Object> settings(String user) {
        Map<String, Object> settings = new HashMap<>(tls(keys, user));
        settings.put("bootstrap.servers", address());
        settings.put("security.protocol", "SSL");
        return settings;
    }

    String address() {
        return "localhost:" + port;
    }

    ChildProcess child() {
        return child;
    }

    /** Makes what Strimzi's operators of topics and users make, each topic in the one copy that one broker can have. */
    void operate(Manifests manifests) throws ExecutionException, InterruptedException {
        try (Admin admin = client(ADMIN)) {
            admin.createTopics(manifests
                            .all(KafkaTopic.class)
                            .map(topic -> new NewTopic(
                                            topic.getMetadata().getName(),
                                            topic.getSpec().getPartitions(),
                                            (short) 1)
                                    .configs(oneCopy(topic.getSpec().getConfig())))
                            .toList())
                    .all()
                    .get();
            admin.createAcls(manifests
                            .all(KafkaUser.class)
                            .flatMap(SecuredBroker::rights)
                            .toList())
                    .all()
                    .get();
        }
    }

    private static Map<String, String> oneCopy(Map<String, Object> config) {
        Map<String, String> strings = new TreeMap<>();
        config.forEach((name, value) -> strings.put(name, value.toString()));
        strings.put("min.insync.replicas", "1");
        return strings;
    }

    private static Stream<AclBinding> rights(KafkaUser user) {
        String principal = "User:CN=" + user.getMetadata().getName();
        return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization())
                .getAcls().stream()
                        .flatMap(rule -> rule.getOperations().stream()
                                .map(operation -> new AclBinding(
                                        pattern(rule),
                                        new AccessControlEntry(
                                                principal,
                                                "*",
                                                AclOperation.fromString(
                                                        operation.toValue().replaceAll("([a-z])([A-Z])", "$1_$2")),
                                                AclPermissionType.ALLOW))));
    }

    private static ResourcePattern pattern(AclRule rule) {
        return switch (rule.getResource()) {
            case AclRuleTopicResource topic ->
                new ResourcePattern(ResourceType.TOPIC, topic.getName(), kind(topic.getPatternType()));
            case AclRuleGroupResource group ->
                new ResourcePattern(ResourceType.GROUP, group.getName(), kind(group.getPatternType()));
            case AclRuleTransactionalIdResource id ->
                new ResourcePattern(ResourceType.TRANSACTIONAL_ID, id.getName(), kind(id.getPatternType()));
            case AclRuleClusterResource cluster ->
                new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
            default -> throw new IllegalArgumentException("a right of a kind not known here: " + rule);
        };
    }

    private static PatternType kind(Object pattern) {
        return pattern != null && pattern.toString().toLowerCase(Locale.ROOT).equals("prefix")
                ? PatternType.PREFIXED
                : PatternType.LITERAL;
    }

    /** What somebody wanted and was not allowed to do. */
    List<String> denied() throws IOException {
        try (Stream<String> lines = Files.lines(child.log())) {
            return lines.filter(line -> line.contains(" is Denied ")).toList();
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
