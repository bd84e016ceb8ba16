package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docker-compose.yml agrees with the code, and each kind of mistake in it would be found. */
class ComposeTest {

    private static final Set<String> EXAMPLE =
            Repository.properties(".env.example").stringPropertyNames();

    private static JsonNode file() {
        return Repository.yaml("docker-compose.yml");
    }

    @Test
    void agreesWithTheCode() {
        assertThat(ComposeProblems.of(file(), EXAMPLE)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void findsAMistake(String expected, Consumer<JsonNode> mistake) {
        JsonNode file = file();
        mistake.accept(file);
        assertThat(ComposeProblems.of(file, EXAMPLE)).anyMatch(problem -> problem.contains(expected));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("does not parse", file -> service(file, "crawler").put("enviroment", "misspelt")),
                mistake("does not parse", file -> service(file, "kafka").put("read_only", "perhaps")),
                mistake("does not parse", file -> dependency(file, "teacher", "prepare", "service_well")),
                mistake("in pipeline order", file -> moveToTheEnd(file, "teacher")),
                mistake("is not pinned", file -> service(file, "grafana").put("image", "grafana/grafana")),
                mistake("is not pinned", file -> service(file, "grafana").put("image", "grafana/grafana:latest")),
                mistake(
                        "but the build is tested with",
                        file -> service(file, "kafka").put("image", "apache/kafka:3.9.0")),
                mistake("no limits", file -> service(file, "store").remove("deploy")),
                mistake("beyond this machine", file -> ports(file, "store", "9000:9000")),
                mistake("both publish", file -> ports(file, "grafana", "127.0.0.1:8081:3000")),
                mistake("which is not there", file -> dependency(file, "kafka-ui", "zookeeper", "service_healthy")),
                mistake("which has no check", file -> service(file, "registry").remove("healthcheck")),
                mistake(
                        "does not wait for the health",
                        file -> dependency(file, "kafka-ui", "kafka", "service_started")),
                mistake(
                        "does not wait for topics",
                        file -> service(file, "filter").remove("depends_on")),
                mistake(
                        "nothing reads the variable TEACHER_MODL",
                        file -> variable(file, "teacher", "TEACHER_MODL", "x")),
                mistake(
                        "prepare: nothing reads the variable PLATFORM_TOPIC",
                        file -> variable(file, "prepare", "PLATFORM_TOPIC", "create")),
                mistake(
                        "lag-exporter: nothing reads the variable BOOTSTRAP",
                        file -> variable(file, "lag-exporter", "BOOTSTRAP", "kafka:9092")),
                mistake("nothing reads the variable S3_KEY", file -> variable(file, "filter", "S3_KEY", "x")),
                mistake("QUARKUS_HTTP_PORT is 8099", file -> variable(file, "crawler", "QUARKUS_HTTP_PORT", "8099")),
                mistake("lies on no volume", file -> service(file, "filter").remove("volumes")),
                mistake("volumes used", file -> ((ObjectNode) file.get("volumes")).putNull("unused")),
                mistake("in .env.example", file -> variable(file, "crawler", "CRAWLER_FEED", "${FEED}")),
                mistake(
                        "a GPU is reserved",
                        file -> service(file, "trainer-gpu")
                                .putArray("profiles")
                                .add("cpu")),
                mistake(
                        "reserves a GPU, and TEACHER_DEVICE does not ask for it",
                        file -> variable(file, "teacher-gpu", "TEACHER_DEVICE", "auto")),
                mistake(
                        "cannot load from /tmp:size=9m,mode=1777",
                        file -> service(file, "filter").putArray("tmpfs").add("/tmp:size=9m,mode=1777")),
                mistake("refuses a limit of 4", file -> limits(file, "trainer").put("cpus", "${MODEL_CPUS:-4}")),
                mistake("refuses a limit of 2.5", file -> limits(file, "kafka").put("cpus", "2.5")),
                mistake(
                        "kafka: starts a JVM",
                        file -> ((ObjectNode) service(file, "kafka").get("healthcheck"))
                                .putArray("test")
                                .add("CMD-SHELL")
                                .add("/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9092")),
                mistake(
                        "store: is unhealthy before it has started",
                        file -> ((ObjectNode) service(file, "store").get("healthcheck")).remove("start_period")),
                mistake(
                        "registry: is unhealthy before it has started",
                        file -> ((ObjectNode) service(file, "registry").get("healthcheck")).put("start_period", "20s")),
                mistake(
                        "trainer-gpu: Prometheus and the console do not find it",
                        file -> service(file, "trainer-gpu").remove("networks")),
                mistake("the console is not started", file -> ((ObjectNode) file.get("services")).remove("console")),
                mistake(
                        "CONSOLE_SERVICES_FILTER is http://filter:8082",
                        file -> variable(file, "console", "CONSOLE_SERVICES_FILTER", "http://filter:8082")),
                mistake(
                        "console: is built from another service",
                        file -> ((ObjectNode) service(file, "console").at("/build/args")).put("FOLDER", "local")),
                mistake("console: publishes", file -> ports(file, "console", "127.0.0.1:8086:8080")),
                mistake(
                        "may write into its image",
                        file -> service(file, "crawler").put("read_only", false)));
    }

    /** The tools hold it to the schema of the Compose specification; neither asks an engine. */
    @Test
    void isAComposeFileToTheToolsThemselves(@TempDir Path folder) throws IOException, InterruptedException {
        List<String> tool = tool();
        assumeThat(tool)
                .as("docker compose, or docker-compose of Debian's package of that name")
                .isNotEmpty();
        // Older tools know all of the file but its name.
        String text = Repository.text(Repository.path("docker-compose.yml")).replaceFirst("(?m)^name: .*\\R", "");

        assertThat(config(tool, folder, text)).isEmpty();
        assertThat(config(tool, folder, text.replaceFirst("healthcheck:", "healthchek:")))
                .contains("healthchek");
        assertThat(config(tool, folder, text.replaceFirst("retries: \\d+", "retries: often")))
                .contains("retries");
    }

    private static List<String> tool() throws IOException, InterruptedException {
        if (ObservabilityTest.onPath("docker")
                && run(List.of("docker", "compose", "version")).exitStatus() == 0) {
            return List.of("docker", "compose");
        }
        return ObservabilityTest.onPath("docker-compose") ? List.of("docker-compose") : List.of();
    }

    /** What is wrong with it. */
    private static String config(List<String> tool, Path folder, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("docker-compose.yml"), text);
        List<String> command = new ArrayList<>(tool);
        command.addAll(List.of("--env-file", Repository.path(".env.example").toString()));
        command.addAll(List.of("--file", file.toString(), "config", "--quiet"));
        Ran ran = run(command);
        return ran.exitStatus() == 0 ? "" : ran.output();
    }

    private record Ran(int exitStatus, String output) {}

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    @Test
    void theRecordedStreamIsASettingOfTheCrawler() {
        JsonNode crawler = Repository.yaml("docker/recorded.yml").at("/services/crawler/environment");
        assertThat(crawler.properties())
                .isNotEmpty()
                .allMatch(variable -> Service.of("crawler").acceptsVariable(variable.getKey()));
    }

    @Test
    void signedCheckpointsAreASettingOfTheTrainer() {
        JsonNode services = Repository.yaml("docker/signed.yml").get("services");
        assertThat(services.properties()).extracting(Map.Entry::getKey).containsExactly("trainer", "trainer-gpu");
        assertThat(services.at("/trainer-gpu/environment").properties())
                .singleElement()
                .satisfies(variable -> assertThat(Service.of("trainer").acceptsVariable(variable.getKey()))
                        .isTrue());
    }

    private static Arguments mistake(String expected, Consumer<JsonNode> mistake) {
        return Arguments.of(expected, mistake);
    }

    private static ObjectNode service(JsonNode file, String name) {
        return (ObjectNode) file.get("services").get(name);
    }

    private static ObjectNode limits(JsonNode file, String service) {
        return (ObjectNode) service(file, service).at("/deploy/resources/limits");
    }

    private static void dependency(JsonNode file, String service, String other, String condition) {
        ObjectNode all = service(file, service).putObject("depends_on");
        all.putObject(other).put("condition", condition);
    }

    private static void ports(JsonNode file, String service, String port) {
        ArrayNode ports = service(file, service).putArray("ports");
        ports.add(port);
    }

    private static void variable(JsonNode file, String service, String name, String value) {
        ((ObjectNode) service(file, service).get("environment")).put(name, value);
    }

    private static void moveToTheEnd(JsonNode file, String service) {
        ObjectNode services = (ObjectNode) file.get("services");
        List.of(services.remove(service)).forEach(moved -> services.set(service, moved));
    }
}
