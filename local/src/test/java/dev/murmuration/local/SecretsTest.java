package dev.murmuration.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.platform.PlatformSettings;
import dev.murmuration.local.platform.Site;
import dev.murmuration.local.settings.Settings;
import dev.murmuration.local.settings.SiteSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SecretsTest {

    private static final String SECRET = "hush-4711";

    @Test
    void noCommandTakesOrShowsASecret() {
        Map<String, CommandLine> commands = Main.commandLine().getSubcommands();

        assertThat(commands).hasSizeGreaterThan(5);
        assertThat(commands.values())
                .flatMap(command -> command.getCommandSpec().optionsMap().keySet())
                .noneMatch(option -> option.matches(".*(password|secret|key|token|salt).*"));
    }

    @Test
    void addressesShowNoSecretInAMessage() {
        Properties file = new Properties();
        file.setProperty("s3.secret-key", SECRET);
        file.setProperty("registry.username", "clerk");
        file.setProperty("registry.password", SECRET);
        file.setProperty("kafka.sasl.jaas.config", SECRET);
        Settings settings = new Settings(Map.of(), file);
        Site site = SiteSettings.site(settings);

        assertThat(site.toString()).doesNotContain(SECRET).contains("localhost:9092");
        assertThat(site.store().toString() + site.registry() + SiteSettings.schemas(settings))
                .doesNotContain(SECRET);
    }

    @Test
    void thePlatformShowsNoSecretInAMessage() {
        PlatformSettings platform =
                new PlatformSettings(Path.of("run"), 1, 2, 3, 4, 2, Duration.ofDays(1), "key", SECRET, "bucket");

        assertThat(platform.toString()).doesNotContain(SECRET);
    }

    @Test
    void takesKafkasSettingsFromTheEnvironmentOnlyWhereAClientKnowsThem() {
        Settings settings = new Settings(
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", "kafka.example:9093",
                        "KAFKA_SASL_JAAS_CONFIG", SECRET,
                        "KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN", "chain",
                        "KAFKA_HEAP_OPTS", "-Xmx1g"),
                new Properties());

        assertThat(settings.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "kafka.example:9093"),
                        Map.entry("sasl.jaas.config", SECRET),
                        Map.entry("ssl.keystore.certificate.chain", "chain"));
    }
}
