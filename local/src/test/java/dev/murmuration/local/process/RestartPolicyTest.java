package dev.murmuration.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private final RestartPolicy restarts = new RestartPolicy(3, Duration.ofMinutes(10));

    @Test
    void startsAgainSoonAndThenAfterPausesThatDouble() {
        assertThat(restarts.after(137, NOW)).isEqualTo(new RestartPolicy.Decision.Again(Duration.ofMillis(250)));
        assertThat(restarts.after(137, NOW)).isEqualTo(new RestartPolicy.Decision.Again(Duration.ofMillis(500)));
        assertThat(restarts.after(137, NOW)).isEqualTo(new RestartPolicy.Decision.Again(Duration.ofSeconds(1)));
    }

    @Test
    void givesUpAfterTooManyEndsWithinTheWindow() {
        for (int i = 0; i < 3; i++) {
            restarts.after(70, NOW);
        }

        assertThat(restarts.after(70, NOW.plusSeconds(600)))
                .isEqualTo(new RestartPolicy.Decision.GiveUp(
                        ProgramState.Phase.FAILED, "ended 4 times within 600 s, the last time with exit status 70"));
    }

    @Test
    void forgetsEndsBeforeTheWindow() {
        for (int i = 0; i < 3; i++) {
            restarts.after(70, NOW);
        }

        assertThat(restarts.after(70, NOW.plusSeconds(601)))
                .isEqualTo(new RestartPolicy.Decision.Again(Duration.ofMillis(250)));
    }

    @Test
    void neverStartsAgainWithAWrongSetting() {
        assertThat(restarts.after(78, NOW))
                .isEqualTo(new RestartPolicy.Decision.GiveUp(ProgramState.Phase.MISCONFIGURED, "a wrong setting"));
    }

    @Test
    void pausesHalfAMinuteAtMost() {
        RestartPolicy patient = new RestartPolicy(100, Duration.ofMinutes(10));
        for (int i = 0; i < 50; i++) {
            patient.after(1, NOW);
        }

        assertThat(patient.after(1, NOW)).isEqualTo(new RestartPolicy.Decision.Again(Duration.ofSeconds(30)));
    }
}
