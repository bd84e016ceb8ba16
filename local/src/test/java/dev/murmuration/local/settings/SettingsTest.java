package dev.murmuration.local.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private final Properties file = new Properties();

    @Test
    void takesTheEnvironmentBeforeTheFileBeforeTheDefault() {
        file.setProperty("platform.kafka.port", "1111");
        file.setProperty("platform.s3.port", "2222");
        Settings settings = new Settings(Map.of("PLATFORM_KAFKA_PORT", "3333"), file);

        assertThat(settings.<Integer>read(reader -> reader.port("platform.kafka.port", 1)))
                .isEqualTo(3333);
        assertThat(settings.<Integer>read(reader -> reader.port("platform.s3.port", 1)))
                .isEqualTo(2222);
        assertThat(settings.<Integer>read(reader -> reader.port("platform.registry.port", 8080)))
                .isEqualTo(8080);
    }

    @Test
    void namesTheSettingTheValueAndTheRange() {
        Settings settings = new Settings(Map.of("PLATFORM_KAFKA_PORT", "65536"), file);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> settings.read(reader -> reader.port("platform.kafka.port", 9092)))
                .withMessage("wrong setting: platform.kafka.port = 65536: must be a whole number from 1 to 65535"
                        + " (set it in config/platform.properties or as PLATFORM_KAFKA_PORT)")
                .satisfies(failure -> assertThat(failure.exitStatus()).isEqualTo(78));
    }

    @ParameterizedTest
    @CsvSource({"PT12H, PT12H", "12h, PT12H", "90s, PT90S", "2d, PT48H", "P2D, PT48H", "45, PT45S", "500ms, PT0.5S"})
    void readsDurationsAsTheServicesDo(String text, Duration expected) {
        file.setProperty("platform.retention", text);
        Settings settings = new Settings(Map.of(), file);

        assertThat(retention(settings)).isEqualTo(expected);
    }

    @Test
    void refusesWhatIsNoDuration() {
        file.setProperty("platform.retention", "soon");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> retention(new Settings(Map.of(), file)))
                .withMessageContaining("platform.retention = soon: must be a positive duration");
    }

    @Test
    void refusesADurationOfNothing() {
        file.setProperty("platform.retention", "PT0S");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> retention(new Settings(Map.of(), file)))
                .withMessageContaining("platform.retention = PT0S: must be a positive duration");
    }

    @Test
    void reportsAllWrongSettingsTogether() {
        file.setProperty("s3.endpoint", "nowhere");
        file.setProperty("platform.topics", "perhaps");
        file.setProperty("platform.partitions", "0");
        file.setProperty("platform.timeout", "never");
        Settings settings = new Settings(Map.of("PLATFORM_PATIENCE", "60s"), file);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> SiteSettings.site(settings))
                .satisfies(failure -> assertThat(lines(failure))
                        .satisfiesExactlyInAnyOrder(
                                line -> assertThat(line).startsWith("wrong setting: s3.endpoint = nowhere: must be"),
                                line -> assertThat(line).contains("platform.topics = perhaps: must be create or await"),
                                line -> assertThat(line).contains("platform.partitions = 0: must be a whole number"),
                                line -> assertThat(line).contains("platform.timeout = never: must be a positive"),
                                line -> assertThat(line)
                                        .contains("platform.patience = 60s: this setting is called platform.timeout")))
                .satisfies(failure -> assertThat(failure.exitStatus()).isEqualTo(78));
    }

    private static Stream<String> lines(Failure failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "").lines();
    }

    private static Duration retention(Settings settings) {
        return settings.read(reader -> reader.duration("platform.retention", Duration.ofDays(7)));
    }

    @Test
    void namesEnvironmentVariablesAsTheServicesDo() {
        assertThat(Settings.variable("s3.access-key")).isEqualTo("S3_ACCESS_KEY");
    }
}
