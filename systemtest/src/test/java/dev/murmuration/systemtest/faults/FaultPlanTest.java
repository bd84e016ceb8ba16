package dev.murmuration.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    @Test
    void followsFromItsSeed() {
        assertThat(faults(7)).isEqualTo(faults(7)).isNotEqualTo(faults(8));
    }

    @Test
    void hitsEveryProgramByKillAndByStop() {
        for (String program : FaultPlan.PROGRAMS) {
            assertThat(faults(1)).anyMatch(fault -> fault.programs().contains(program) && fault.stoppedSeconds() == 0);
            assertThat(faults(1)).anyMatch(fault -> fault.programs().contains(program) && fault.stoppedSeconds() > 45);
        }
        assertThat(faults(1)).anyMatch(fault -> fault.programs().size() == 2);
    }

    private static List<Fault> faults(long seed) {
        FaultPlan plan = new FaultPlan(seed);
        return Stream.generate(plan::next).limit(200).toList();
    }

    @Test
    void readsTheRowsOfAnAudit() {
        assertThat(FaultBench.rows(
                        "records read                        3,000\n    in flight                             0\nok\n"))
                .containsEntry("records read", 3000L)
                .containsEntry("in flight", 0L)
                .hasSize(2);
    }
}
