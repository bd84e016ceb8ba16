package dev.murmuration.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private static final PipelineProgress FLOW = new PipelineProgress(
            List.of(
                    new StageProgress("crawler", 1400, 1194, 206, 0, "1,194 photos, feed ended"),
                    new StageProgress("trainer", 3, 1, 0, 0, "step 120, loss 0.875")),
            Optional.of("trainer"),
            1,
            false);

    private final StringWriter text = new StringWriter();

    @Test
    void givesEachStageALine() {
        assertThat(ProgressDisplay.block(FLOW, Map.of("crawler", 85.25), 12))
                .containsExactly(
                        "  12 s             in        out   rejected      lag   rate/s",
                        "crawler         1,400      1,194        206        0     85.3  1,194 photos, feed ended",
                        "trainer             3          1          0        0      0.0  step 120, loss 0.875");
    }

    @Test
    void drawsOverWhatItDrewBeforeOnATerminal() {
        ProgressDisplay board = new ProgressDisplay(new PrintWriter(text), true);

        board.show(FLOW);
        board.show(FLOW);

        assertThat(text.toString()).contains("\u001b[3A\u001b[J");
    }

    @Test
    void writesOnePlainLineWhereNothingAdvances() {
        ProgressDisplay board = new ProgressDisplay(new PrintWriter(text), false);

        board.show(FLOW);
        board.show(FLOW);

        assertThat(text.toString().lines())
                .containsExactly("   0 s | crawler 1,400 > 1,194, rejected 206 | trainer 3 > 1, step 120, loss 0.875");
    }
}
