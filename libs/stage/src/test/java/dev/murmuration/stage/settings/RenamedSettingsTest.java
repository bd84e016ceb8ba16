package dev.murmuration.stage.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenamedSettingsTest {

    @Test
    void namesTheNewNameOfEverySettingThatIsGivenUnderItsOldOne() {
        Map<String, String> given = Map.of("s3.patience", "7m", "registry.patience", "3m", "s3.timeout", "1m");

        assertThatThrownBy(() -> RenamedSettings.check(name -> Optional.ofNullable(given.get(name))))
                .isInstanceOf(SettingException.class)
                .hasMessage("registry.patience = 3m: this setting is called registry.timeout now\n"
                        + "s3.patience = 7m: this setting is called s3.timeout now");
    }

    @Test
    void acceptsTheNewNames() {
        Map<String, String> given = Map.of("s3.timeout", "7m", "http.request-timeout", "1s");

        RenamedSettings.check(name -> Optional.ofNullable(given.get(name)));

        assertThat(RenamedSettings.hint("s3.timeout is too long")).isEmpty();
    }

    @Test
    void explainsAnUnknownSettingThatHadThisName() {
        assertThat(RenamedSettings.hint("s3.patience does not map to any root"))
                .isEqualTo(" (s3.patience is called s3.timeout now)");
    }
}
