package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaunchTest {

    @Test
    void tellsAWrongSettingInOneLineWhereverItIsNested() {
        Exception failure = new RuntimeException(
                "Failed to start application",
                new IllegalStateException("bean", new SettingException("filter.threshold", 1.5, "must be below 1\n")));

        assertThat(Launch.line(failure)).isEqualTo("wrong setting: filter.threshold = 1.5: must be below 1");
        assertThat(Launch.isWrongSetting(failure)).isTrue();
    }

    @Test
    void tellsWhatIsAwayInItsOwnWordsAndNotInThoseOfItsCause() {
        Exception failure = new RuntimeException(
                new BrokerUnavailableException("Kafka at a:1 does not answer", new java.io.IOException("refused")));

        assertThat(Launch.line(failure)).isEqualTo("Kafka at a:1 does not answer");
        assertThat(Launch.isWrongSetting(failure)).isFalse();
    }

    @Test
    void tellsTheInnermostCauseOfAnythingElse() {
        Exception failure = new RuntimeException("outer", new java.net.BindException("Port already bound: 8081"));

        assertThat(Launch.line(failure)).isEqualTo("Port already bound: 8081");
    }
}
