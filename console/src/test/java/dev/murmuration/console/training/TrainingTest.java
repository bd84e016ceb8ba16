package dev.murmuration.console.training;

import static dev.murmuration.console.Events.accuracy;
import static dev.murmuration.console.Events.at;
import static dev.murmuration.console.Events.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrainingTest {

    private final Runs runs = new Runs();
    private final Accuracies accuracies = new Accuracies();

    @Test
    void knowsHowFastARunLearnedBetweenCheckpoints() {
        runs.event(checkpoint("student", 10, 3), at("checkpoints", 0));
        runs.event(checkpoint("student", 30, 5), at("checkpoints", 1));

        List<Runs.Step> steps = runs.all().getFirst().steps();
        assertThat(steps.getFirst().samplesPerSecond()).isNull();
        // 16 samples a step, a second a step
        assertThat(steps.getLast().samplesPerSecond()).isEqualTo(16.0);
        assertThat(runs.all().getFirst().last().step()).isEqualTo(30);
    }

    @Test
    void findsTheFirstCheckpointBehindAShard() {
        runs.event(checkpoint("student", 10, 3), at("checkpoints", 0));
        runs.event(checkpoint("student", 30, 5), at("checkpoints", 1));

        assertThat(runs.firstBehind("flat", 0, 2).values())
                .extracting(Runs.Step::step)
                .containsExactly(10L);
        assertThat(runs.firstBehind("flat", 0, 3).values())
                .extracting(Runs.Step::step)
                .containsExactly(30L);
        assertThat(runs.firstBehind("flat", 0, 5)).isEmpty();
        assertThat(runs.firstBehind("bal", 0, 2)).isEmpty();
    }

    @Test
    void comparesAnAccuracyWithMajorityAndChance() {
        accuracies.event(
                accuracy(checkpoint("student", 10, 3), "simulated", List.of(List.of(30L, 10L), List.of(20L, 40L))),
                at("accuracies", 0));

        Accuracies.Benchmark benchmark = accuracies.all().getFirst();
        assertThat(benchmark.majority()).isEqualTo(0.6, Offset.offset(1e-9));
        assertThat(benchmark.chance()).isEqualTo(0.5);
        assertThat(benchmark.last().accuracy()).isEqualTo(0.7);
        assertThat(benchmark.classes()).containsExactly("negative", "positive");
    }
}
