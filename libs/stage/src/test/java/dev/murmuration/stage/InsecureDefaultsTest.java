package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InsecureDefaultsTest {

    /** As a service starts with nothing set. */
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "quarkus.application.name", "crawler",
            "kafka.bootstrap.servers", "localhost:9092",
            "registry.url", "http://localhost:8080/apis/registry/v3",
            "s3.endpoint", "http://localhost:9000",
            "s3.secret-key", "murmuration",
            "crawler.author-salt", "murmuration"));

    @Test
    void saysNothingOnOneMachine() {
        assertThat(found()).isEmpty();
    }

    @Test
    void warnsOfABrokerBeyondThisMachineThatAnybodyCanListenTo() {
        settings.put("kafka.bootstrap.servers", "localhost:9092,kafka.example:9092");
        settings.put("crawler.author-salt", "own");

        assertThat(found()).singleElement().asString().startsWith("kafka.security.protocol is PLAINTEXT");
    }

    @Test
    void isContentWithABrokerThatEncrypts() {
        settings.put("kafka.bootstrap.servers", "kafka.example:9093");
        settings.put("kafka.security.protocol", "SASL_SSL");
        settings.put("crawler.author-salt", "own");

        assertThat(found()).isEmpty();
    }

    @Test
    void warnsOfAStoreBeyondThisMachineWithKeysThatEverybodyKnows() {
        settings.put("s3.endpoint", "http://store.example:9000");

        assertThat(found()).hasSize(2).anyMatch(line -> line.startsWith("s3.endpoint is http://store.example:9000"));
        assertThat(found()).anyMatch(line -> line.startsWith("s3.secret-key is the default"));
    }

    @Test
    void warnsOfARegistryThatIsNotEncrypted() {
        settings.put("registry.url", "http://registry.example/apis/registry/v3");

        assertThat(found()).singleElement().asString().startsWith("registry.url is http://registry.example");
    }

    @Test
    void warnsOfASaltThatEverybodyKnowsInTheCrawlerOnly() {
        settings.put("kafka.bootstrap.servers", "kafka.example:9093");
        settings.put("kafka.security.protocol", "SSL");

        assertThat(found()).singleElement().asString().startsWith("crawler.author-salt");
        settings.put("quarkus.application.name", "teacher");
        assertThat(found()).isEmpty();
    }

    @Test
    void neverSaysASecret() {
        settings.put("kafka.bootstrap.servers", "kafka.example:9093");
        settings.put("s3.endpoint", "http://store.example:9000");
        settings.put("s3.secret-key", "hush");
        settings.put("registry.password", "hush");

        assertThat(found()).isNotEmpty().noneMatch(line -> line.contains("hush"));
    }

    private List<String> found() {
        return InsecureDefaults.of(name -> Optional.ofNullable(settings.get(name)));
    }
}
