package dev.murmuration.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.murmuration.local.platform.Installation;
import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.process.ChildProcess;
import dev.murmuration.local.process.Program;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An overlay of k8s/ as processes of this machine: a broker that asks for certificates and lets users do what the ACLs of the
 * KafkaUsers say, an object store, the registry, the deployment job, and the pods that a test starts, with the variables,
 * settings and secrets of their manifests.
 */
final class Deployed implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Path folder;
    private final Manifests manifests;
    private final Keys keys;
    private final PodProcess pods;
    private final List<ChildProcess> children = new ArrayList<>();
    private final ChildProcess store;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private SecuredBroker broker;

    /** An overlay, once topics, bucket and schemas are there. */
    static Deployed of(Path folder, String overlay) throws Exception {
        Deployed deployed = new Deployed(folder, KubernetesTest.render(overlay));
        boolean prepared = false;
        try {
            deployed.prepare();
            prepared = true;
            return deployed;
        } finally {
            if (!prepared) {
                deployed.close();
            }
        }
    }

    /** Starts broker and store, and makes topics and rights, of these manifests. */
    Deployed(Path folder, List<ObjectNode> rendered) throws Exception {
        this.folder = folder;
        manifests = Manifests.of(rendered);
        List<String> users = Stream.concat(
                        Stream.of(SecuredBroker.ADMIN, SecuredBroker.BROKER),
                        manifests
                                .all(KafkaUser.class)
                                .map(user -> user.getMetadata().getName()))
                .toList();
        keys = Keys.made(folder.resolve("keys"), users);
        broker = startBroker();
        store = startStore();
        children.add(store);
        broker.operate(manifests);
        String storeAddress =
                Objects.requireNonNull(manifests.platform().get("S3_ENDPOINT")).replaceFirst("^http://", "");
        Map<String, String> addresses = new TreeMap<>(Map.of(
                "murmuration-kafka-bootstrap.murmuration.svc:9093",
                broker.address(),
                "registry.murmuration.svc:8080",
                "localhost:" + port("registry"),
                storeAddress,
                "localhost:" + port("store")));
        Service.inPipelineOrder()
                .forEach(service -> addresses.put(
                        "%s.murmuration.svc:%d".formatted(service.name(), service.port()),
                        "localhost:" + port(service.name())));
        pods = new PodProcess(manifests, secrets(), folder, addresses);
    }

    /** Starts the registry, and waits until the deployment job has ended well. */
    void prepare() throws Exception {
        children.add(registry());
        until("the registry", () -> get("registry", "/apis/ccompat/v7/subjects"));
        ChildProcess prepare = pods.prepare(pod(Job.class, "prepare", "prepare"), List.of("prepare"));
        if (prepare.exit().get(LONGEST.toSeconds(), TimeUnit.SECONDS) != 0) {
            throw new AssertionError(Repository.text(prepare.log()));
        }
    }

    Manifests manifests() {
        return manifests;
    }

    SecuredBroker broker() {
        return broker;
    }

    /** The secrets of the namespace. */
    Secrets secrets() throws Exception {
        return Secrets.of(manifests, keys);
    }

    /** Starts the exporter of lag. */
    void exportLag() throws IOException {
        children.add(pods.prepare(
                pod(Deployment.class, "lag-exporter", "lag-exporter"),
                List.of("export-lag", "--host", "127.0.0.1", "--port", Integer.toString(port("lag-exporter")))));
    }

    /**
     * Starts the first pod of a stateful set, which runs until the end.
     *
     * @param further variables beside those of the manifest
     */
    void stage(String service, Map<String, String> further) throws IOException {
        children.add(start(service, further));
    }

    /** Starts the first pod of a stateful set; whoever calls ends it. */
    ChildProcess start(String service, Map<String, String> further) throws IOException {
        return start(pod(StatefulSet.class, service, service + "-0"), service, port(service), further);
    }

    /** Starts a pod of a service; whoever calls ends it. */
    ChildProcess start(Pod pod, String service, int port, Map<String, String> further) throws IOException {
        return pods.quarkus(
                pod,
                Installation.find().service(service),
                port,
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"),
                further);
    }

    /**
     * Runs a command of the filter in its first pod, with the keys of another user, and returns what it printed.
     *
     * @throws AssertionError if it fails
     */
    String filterCommand(String user, List<String> arguments) throws Exception {
        Map<String, byte[]> secret = secrets().get(user);
        Map<String, String> further = Map.of(
                "KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN",
                new String(Objects.requireNonNull(secret.get("user.crt")), StandardCharsets.UTF_8),
                "KAFKA_SSL_KEYSTORE_KEY",
                new String(Objects.requireNonNull(secret.get("user.key")), StandardCharsets.UTF_8));
        ChildProcess command = pods.command(
                pod(StatefulSet.class, "filter", "filter-0"),
                Installation.find().service("filter"),
                arguments,
                further);
        int status = command.exit().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        String printed = Repository.text(command.log());
        if (status != 0) {
            throw new AssertionError("%s ends with %d: %s".formatted(arguments, status, printed));
        }
        return printed;
    }

    /** Starts the console, which runs until the end. */
    void console() throws IOException {
        children.add(start(
                pod(Deployment.class, Service.CONSOLE, Service.CONSOLE),
                Service.CONSOLE,
                port(Service.CONSOLE),
                Map.of()));
    }

    /** The object store's process. */
    ChildProcess store() {
        return store;
    }

    /** Where the object store keeps an object of the services' bucket. */
    Path object(String key) {
        String bucket = Objects.requireNonNull(manifests.platform().get("S3_BUCKET"));
        return folder.resolve("store/objects").resolve(bucket).resolve(key);
    }

    /** Where Prometheus's configuration finds its targets here, by the addresses that it names. */
    Map<String, String> targets() {
        Map<String, String> targets = new TreeMap<>();
        targets.put("lag-exporter:9404", "127.0.0.1:" + port("lag-exporter"));
        Service.inPipelineOrder()
                .forEach(service ->
                        targets.put(service.name() + ":" + service.port(), "127.0.0.1:" + port(service.name())));
        return targets;
    }

    /** The broker is gone, and nobody can connect to where it was. */
    void endBroker() {
        children.remove(broker.child());
        broker.close();
    }

    /** It is there again, with what it kept. */
    SecuredBroker startBroker() throws IOException, InterruptedException {
        broker = SecuredBroker.start(
                folder.resolve("broker"), folder.resolve("logs"), port("broker"), port("controller"), keys);
        children.add(broker.child());
        return broker;
    }

    /** Starts the registry; whoever calls ends it. */
    ChildProcess registry() throws IOException {
        return pods.quarkus(
                pod(Deployment.class, "registry", "registry"),
                Repository.path("local/target/registry/quarkus-run.jar"),
                port("registry"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                Map.of(
                        "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT", "0",
                        // Waited for some times over at its start.
                        "APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT", "100"));
    }

    /** Stands for the object store: S3Proxy's own program. */
    private ChildProcess startStore() throws IOException {
        Path home = Files.createDirectories(folder.resolve("store"));
        Path settings = home.resolve("s3proxy.conf");
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port("store"),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + Secrets.STORE_KEY,
                        "s3proxy.credential=" + Secrets.STORE_SECRET,
                        "s3proxy.ignore-unknown-headers=true",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + Files.createDirectories(home.resolve("objects"))));
        Program program = new Program(
                "store",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Installation.find().classPath(),
                "org.gaul.s3proxy.Main",
                List.of("--properties", settings.toString()),
                Map.of(),
                home);
        return ChildProcess.start(program, folder.resolve("logs/store.log"));
    }

    private Pod pod(Class<?> kind, String owner, String name) {
        PodTemplateSpec template =
                switch (manifests.find(kind, owner).orElseThrow()) {
                    case StatefulSet set -> set.getSpec().getTemplate();
                    case Deployment deployment -> deployment.getSpec().getTemplate();
                    case Job job -> job.getSpec().getTemplate();
                    case Object other -> throw new IllegalArgumentException("no pods: " + other);
                };
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(template.getMetadata().getLabels())
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    /** Where a program listens. */
    int port(String name) {
        return ports.computeIfAbsent(name, any -> PlatformSettings.freePort());
    }

    /** What is there, empty while nothing answers with 200. */
    String get(String name, String path) throws InterruptedException {
        return answer("http://localhost:" + port(name) + path).orElse("");
    }

    /** Whether the service that listens there is ready. */
    boolean isReady(int port) throws InterruptedException {
        return answer("http://localhost:" + port + "/q/health/ready").isPresent();
    }

    /** Waits until a condition is true, or no longer an empty text, while all programs run. */
    void until(String what, Callable<Object> condition) throws Exception {
        long last = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            Object is = condition.call();
            if (is.equals(true) || (is instanceof String text && !text.isEmpty())) {
                return;
            }
            for (ChildProcess child : children) {
                if (!child.alive()) {
                    throw new AssertionError(
                            "%s ended before there was %s:%n%s".formatted(child.name(), what, tail(child.log())));
                }
            }
            if (System.nanoTime() > last) {
                throw new AssertionError("there was never " + what + "\n" + logs());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Whether it answers that it has failed. */
    boolean fails(String name, String path) throws InterruptedException {
        return response("http://localhost:" + port(name) + path)
                .filter(answer -> answer.statusCode() >= 500)
                .isPresent();
    }

    private Optional<String> answer(String address) throws InterruptedException {
        return response(address).filter(answer -> answer.statusCode() == 200).map(HttpResponse::body);
    }

    private Optional<HttpResponse<String>> response(String address) throws InterruptedException {
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(URI.create(address))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty(); // not yet
        }
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (Path log : Repository.files(folder.resolve("logs").toString(), ".log")) {
            logs.append("---- ").append(log.getFileName()).append('\n').append(tail(log));
        }
        return logs.toString();
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size())) + "\n";
    }

    @Override
    public void close() {
        children.reversed().forEach(ChildProcess::close);
    }
}
