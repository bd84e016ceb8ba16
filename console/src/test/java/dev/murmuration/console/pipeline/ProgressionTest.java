package dev.murmuration.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressionTest {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    private final Progression progression = new Progression();

    @Test
    void hasNoRateBeforeTheSecondSample() {
        assertThat(progression.perSecond(Duration.ofSeconds(10))).isEmpty();
        progression.add(START, 100);
        assertThat(progression.perSecond(Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void countsOnlyWhatChangedWithinTheWindow() {
        progression.add(START, 0);
        progression.add(START.plusSeconds(50), 1000);
        progression.add(START.plusSeconds(60), 1030);

        assertThat(progression.perSecond(Duration.ofSeconds(10))).hasValue(3.0);
        assertThat(progression.perSecond(Duration.ofMinutes(1))).hasValue(1030 / 60.0);
    }

    @Test
    void takesWhatIsKnownWhereTheWindowIsLonger() {
        progression.add(START, 10);
        progression.add(START.plusSeconds(4), 30);

        assertThat(progression.perSecond(Duration.ofMinutes(5))).hasValue(5.0);
    }

    @Test
    void forgetsWhatIsOlderThanItsMemory() {
        for (int second = 0; second <= 1000; second += 2) {
            progression.add(START.plusSeconds(second), second);
        }

        assertThat(progression.span()).isEqualTo(Progression.MEMORY);
        assertThat(progression.perSecond(Progression.MEMORY)).hasValue(1.0);
    }
}
