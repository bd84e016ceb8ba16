package dev.murmuration.evaluator.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandContextTest {

    @Test
    void waitsFiveSecondsForAStoreUnlessASettingSaysOtherwise() {
        assertThat(CommandContext.storeSettings(sources(Map.of())).patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(CommandContext.storeSettings(sources(Map.of("s3.patience", "7m")))
                        .patience())
                .isEqualTo(Duration.ofMinutes(7));
    }

    private static SmallRyeConfigBuilder sources(Map<String, String> set) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(set, "set", 1_000));
    }
}
