package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.murmuration.schemas.Topics;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfiles agree with the versions of the build and with what services need of an image. */
class ImageTest {

    private static final List<String> WITH_A_MODEL = List.of("teacher", "trainer", "evaluator");
    private static final int OF_APPLICATION_PROPERTIES = 250;
    private static final int OF_THE_ENVIRONMENT = 300;

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda", "Dockerfile.prepare"})
    void runsAsNobodyInParticularAndIsBuiltByTheEngineAlone(String dockerfile) {
        assertThat(DockerfileProblems.of(Repository.text("docker/" + dockerfile)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda", "Dockerfile.prepare"})
    void sendsOnlyWhatIsCopied(String dockerfile) {
        assertThat(Repository.text("docker/" + dockerfile + ".dockerignore")).contains("\n**\n");
        Matcher copy = Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )?(\\S+) ")
                .matcher(Repository.text("docker/" + dockerfile));
        List<String> sent = Repository.text("docker/" + dockerfile + ".dockerignore")
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        while (copy.find()) {
            for (Service service : builtBy(dockerfile)) {
                String source =
                        copy.group(1).replace("${SERVICE}", service.name()).replace("${FOLDER}", service.folder());
                assertThat(sent).as(source).anyMatch(source::startsWith);
            }
        }
    }

    private static List<Service> builtBy(String dockerfile) {
        return dockerfile.equals("Dockerfile.cuda")
                ? WITH_A_MODEL.stream().map(Service::of).toList()
                : Stream.concat(Topics.SERVICES.stream(), Stream.of(Service.CONSOLE))
                        .map(Service::of)
                        .toList();
    }

    /** Docker's clients before 23 do not find what is meant by one in the middle of a path. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda", "Dockerfile.prepare"})
    void namesWhatIsSentWithoutWildcards(String dockerfile) {
        assertThat(Repository.text("docker/" + dockerfile + ".dockerignore").lines())
                .filteredOn(line -> line.startsWith("!"))
                .isNotEmpty()
                .noneMatch(line -> line.contains("*"));
    }

    /** {@code docker compose up --wait} gives up on a service that is unhealthy; a pod may start for as long as its probe says. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
    void letsAServiceStartForAsLongAsKubernetesDoes(String dockerfile) {
        Matcher period = Pattern.compile("HEALTHCHECK .*--start-period=(\\d+)m ")
                .matcher(Repository.text("docker/" + dockerfile));
        JsonNode probe = Repository.yaml("k8s/base/stage.yaml").at("/spec/template/spec/containers/0/startupProbe");

        assertThat(period.find()).isTrue();
        assertThat(Duration.ofMinutes(Long.parseLong(period.group(1))))
                .isGreaterThanOrEqualTo(
                        Duration.ofSeconds(probe.get("periodSeconds").asLong()
                                * probe.get("failureThreshold").asLong()));
    }

    static Stream<String> services() {
        return builtBy("Dockerfile").stream().map(Service::name);
    }

    /** Services say localhost for themselves; what the image says must come before it. */
    @ParameterizedTest
    @MethodSource("services")
    void listensOnEveryAddressOfAContainer(String service) {
        for (String dockerfile : new String[] {"Dockerfile", "Dockerfile.cuda"}) {
            SmallRyeConfig config = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .withProfile("prod")
                    .withSources(
                            new PropertiesConfigSource(
                                    map(Service.of(service).application()),
                                    "application.properties",
                                    OF_APPLICATION_PROPERTIES),
                            new EnvConfigSource(environment(dockerfile), OF_THE_ENVIRONMENT))
                    .build();
            assertThat(config.getValue("quarkus.http.host", String.class)).isEqualTo("0.0.0.0");
        }
    }

    @Test
    void hasLibtorchOfTheVersionThatTheBuildBindsTo() {
        String cuda = Repository.text("docker/Dockerfile.cuda");
        String pytorch = Repository.version("pytorch.version");
        assertThat(cuda)
                .contains("ARG PYTORCH=" + pytorch + "\n", "ARG DJL=" + Repository.version("djl.version") + "\n")
                .contains("FROM pytorch/pytorch:" + pytorch + "-cuda12.8-");
        assertThat(environment("Dockerfile.cuda"))
                .containsEntry("PYTORCH_VERSION", pytorch)
                .containsEntry("PYTORCH_FLAVOR", "cu128")
                .containsKey("PYTORCH_LIBRARY_PATH")
                .containsEntry("DJL_CACHE_DIR", environment("Dockerfile").get("DJL_CACHE_DIR"));
    }

    /** A photo over which the heap runs out is one odd photo: the process must live to say so. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
    void doesNotEndWhereAPhotoTakesAllMemory(String dockerfile) {
        assertThat(Repository.text("docker/" + dockerfile))
                .contains("ENTRYPOINT")
                .doesNotContain("OnOutOfMemoryError");
    }

    private static Map<String, String> environment(String dockerfile) {
        Map<String, String> variables = new TreeMap<>();
        String last = Repository.text("docker/" + dockerfile)
                .replaceFirst("(?s).*\nFROM ", "")
                .replace("\\\n", " ");
        Matcher env = Pattern.compile("(?m)^ENV (.*)$").matcher(last);
        while (env.find()) {
            Matcher assignment = Pattern.compile("([A-Z_]+)=(\"[^\"]*\"|\\S+)").matcher(env.group(1));
            while (assignment.find()) {
                variables.put(assignment.group(1), assignment.group(2).replace("\"", ""));
            }
        }
        return variables;
    }

    private static Map<String, String> map(Properties properties) {
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
