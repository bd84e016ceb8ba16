package dev.murmuration.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.student.Optimizer;
import org.junit.jupiter.api.Test;

class RecipeTest {

    private static final float[] SCORES = {.1f, .2f, .7f};
    private static final long[] COUNTS = {50, 100, 150};

    @Test
    void distilsTheScoresThemselvesAtTemperatureOne() {
        assertThat(Targets.of(Recipe.distil(), SCORES, 2, COUNTS)).containsExactly(SCORES, within(1e-6f));
    }

    @Test
    void softensTheScoresByTheTemperature() {
        float[] target = Targets.of(distil(2), SCORES, 2, COUNTS);

        double all = Math.sqrt(.1) + Math.sqrt(.2) + Math.sqrt(.7);
        assertThat(target[0]).isCloseTo((float) (Math.sqrt(.1) / all), within(1e-6f));
        assertThat(target[2]).isCloseTo((float) (Math.sqrt(.7) / all), within(1e-6f));
    }

    @Test
    void smoothsAndBalancesTheLabelAsPublished() {
        // .2 / 3 everywhere and .8 more on the label; class 0 is 50 of 300, so its weight is 300 / (3 * 50) = 2.
        float[] target = Targets.of(Recipe.paper(), SCORES, 0, COUNTS);

        assertThat(target).containsExactly(new float[] {2 * (.8f + .2f / 3), 2 * .2f / 3, 2 * .2f / 3}, within(1e-6f));
    }

    @Test
    void risesToItsHeightAndStaysThereWhileTheFeedRuns() {
        Recipe recipe = Recipe.distil();

        assertThat(LearningRateSchedule.streaming(recipe, 0)).isCloseTo(1e-3 / 2000, within(1e-12));
        assertThat(LearningRateSchedule.streaming(recipe, 999)).isCloseTo(.5e-3, within(1e-12));
        assertThat(LearningRateSchedule.streaming(recipe, 2000)).isEqualTo(1e-3);
        assertThat(LearningRateSchedule.streaming(recipe, 1_000_000)).isEqualTo(1e-3);
    }

    @Test
    void fallsAlongACosineWhenTheFeedHasEnded() {
        Recipe recipe = Recipe.distil();

        assertThat(LearningRateSchedule.finishing(recipe, 10_000, 10_000, 20_000))
                .isEqualTo(1e-3);
        assertThat(LearningRateSchedule.finishing(recipe, 15_000, 10_000, 20_000))
                .isCloseTo(.5e-3, within(1e-12));
        assertThat(LearningRateSchedule.finishing(recipe, 12_500, 10_000, 20_000))
                .isCloseTo(1e-3 * (1 + Math.sqrt(.5)) / 2, within(1e-12));
        assertThat(LearningRateSchedule.finishing(recipe, 20_000, 10_000, 20_000))
                .isZero();
        assertThat(LearningRateSchedule.finishing(Recipe.paper(), 20_000, 10_000, 20_000))
                .isEqualTo(1e-4);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> distil(0)).hasMessageContaining("temperature 0.0");
        assertThatThrownBy(() -> new Optimizer(false, 0, .9, .999, 1e-8, 0, 1)).hasMessageContaining("max norm");
    }

    private static Recipe distil(double temperature) {
        Recipe r = Recipe.distil();
        return new Recipe("distil", true, 0, false, temperature, r.noise(), 1, 1e-3, 0, true, 0, 0, 0, r.optimizer());
    }
}
