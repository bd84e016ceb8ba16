package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.schemas.RegistrySettings;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandSettingsTest {

    @Test
    void readsWhatAServiceReads() {
        SmallRyeConfig config = read(Map.of(
                "registry.url", "https://registry:1/apis/registry/v3",
                "registry.username", "clerk",
                "registry.password", "hush",
                "registry.timeout", "3s",
                "kafka.security.protocol", "SSL",
                "s3.bucket", "birds"));

        RegistrySettings registry = CommandSettings.registry(config);

        assertThat(registry.url()).isEqualTo("https://registry:1/apis/registry/v3");
        assertThat(registry.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(registry.extra()).containsValue("clerk");
        assertThat(CommandSettings.registry(config, Duration.ofSeconds(1)).timeout())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(config.getConfigMapping(StoreSettings.class).bucket()).isEqualTo("birds");
        assertThat(CommandSettings.kafka(config))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "localhost:9092");
    }

    @Test
    void refusesAnOldName() {
        assertThatThrownBy(() -> read(Map.of("s3.patience", "1m")))
                .isInstanceOf(SettingException.class)
                .hasMessage("s3.patience = 1m: this setting is called s3.timeout now");
    }

    private static SmallRyeConfig read(Map<String, String> set) {
        return CommandSettings.read(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(set, "set", 1_000)));
    }
}
