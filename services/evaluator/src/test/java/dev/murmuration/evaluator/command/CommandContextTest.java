package dev.murmuration.evaluator.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.stage.store.StoreSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandContextTest {

    @Test
    void waitsFiveSecondsForAStoreUnlessASettingSaysOtherwise() {
        assertThat(storeTimeout(Map.of())).isEqualTo(Duration.ofSeconds(5));
        assertThat(storeTimeout(Map.of("s3.timeout", "7m"))).isEqualTo(Duration.ofMinutes(7));
    }

    private static Duration storeTimeout(Map<String, String> set) {
        return CommandContext.config(
                        new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(set, "set", 1_000)))
                .getConfigMapping(StoreSettings.class)
                .timeout();
    }
}
