package dev.murmuration.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.local.process.ProgramState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartLogTest {

    private final List<String> lines = new ArrayList<>();
    private final RestartLog log =
            new RestartLog(Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneId.of("UTC")), lines::add);

    @Test
    void saysWhenAndWhyAProgramWasStartedAgain() {
        tell(ProgramState.Phase.READY, 0, "");
        tell(ProgramState.Phase.HUNG, 0, "its liveness check does not answer for 5 s");
        tell(ProgramState.Phase.HUNG, 0, "its liveness check does not answer for 61 s");
        tell(ProgramState.Phase.RESTARTING, 0, "hung: its liveness check does not answer for 61 s");
        tell(ProgramState.Phase.READY, 1, "");

        assertThat(lines)
                .containsExactly(
                        "2026-01-02T03:04:05Z  filter ready, process 7, restarts 0",
                        "2026-01-02T03:04:05Z  filter hangs: its liveness check does not answer for 5 s",
                        "2026-01-02T03:04:05Z  filter ended (hung: its liveness check does not answer for 61 s), started again",
                        "2026-01-02T03:04:05Z  filter ready, process 7, restarts 1");
    }

    @Test
    void saysThatAProgramAnswersAgain() {
        tell(ProgramState.Phase.HUNG, 0, "its liveness check does not answer for 5 s");
        tell(ProgramState.Phase.READY, 0, "");

        assertThat(lines.getLast()).isEqualTo("2026-01-02T03:04:05Z  filter answers again");
    }

    private void tell(ProgramState.Phase phase, int restarts, String detail) {
        log.tell(List.of(new ProgramState("filter", phase, 7, restarts, detail)));
    }
}
