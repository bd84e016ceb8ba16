package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.stage.settings.SettingException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchTest {

    @Test
    void tellsAWrongSettingInOneLineWhereverItIsNested() {
        Exception failure = new RuntimeException(
                "Failed to start application",
                new IllegalStateException("bean", new SettingException("filter.threshold", 1.5, "must be below 1\n")));

        assertThat(Launch.lines(failure)).containsExactly("wrong setting: filter.threshold = 1.5: must be below 1");
        assertThat(Launch.isWrongSetting(failure)).isTrue();
    }

    @Test
    void tellsEachOfSeveralWrongSettingsInALineOfItsOwn() {
        Exception failure = new RuntimeException(SettingException.all(
                List.of(new SettingException("a", 1, "must be 2"), new SettingException("b", 3, "must be 4"))));

        assertThat(Launch.lines(failure))
                .containsExactly("wrong setting: a = 1: must be 2", "wrong setting: b = 3: must be 4");
    }

    @Test
    void tellsWhatIsAwayInItsOwnWordsAndNotInThoseOfItsCause() {
        Exception failure = new RuntimeException(
                new BrokerUnavailableException("Kafka at a:1 does not answer", new java.io.IOException("refused")));

        assertThat(Launch.lines(failure)).containsExactly("Kafka at a:1 does not answer");
        assertThat(Launch.isWrongSetting(failure)).isFalse();
    }

    @Test
    void tellsTheInnermostCauseOfAnythingElse() {
        Exception failure = new RuntimeException("outer", new java.net.BindException("Port already bound: 8081"));

        assertThat(Launch.lines(failure)).containsExactly("Port already bound: 8081");
    }
}
