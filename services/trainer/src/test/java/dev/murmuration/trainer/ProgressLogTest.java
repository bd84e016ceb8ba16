package dev.murmuration.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.trainer.run.TrainingStep;
import org.junit.jupiter.api.Test;

class ProgressLogTest {

    @Test
    void showsSpeedLossAndTheTimeLeft() {
        TrainingStep made = new TrainingStep(12, 96, .5, .61, 1e-3, 2, .25, true, 7200, 1);

        assertThat(ProgressLog.line("run", made, 100, .031))
                .isEqualTo(
                        "run: step 12, 96 samples, loss 0.6100, learning rate 1.00e-03, gradient norm 2.00, 100 samples/s, "
                                + "3 % of the time waiting for data, 25 % of the budget, 1 min 12 s left");
    }
}
