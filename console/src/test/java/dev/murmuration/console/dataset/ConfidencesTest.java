package dev.murmuration.console.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfidencesTest {

    private final Confidences confidences = new Confidences();

    @Test
    void takesWhatIsStrictlySurerThanTheThreshold() {
        confidences.add(0.1, 0.2, 0.7, 1);
        confidences.add(0.1, 0.1999, 0.7001, 1);

        assertThat(confidences.above(0.7, 0.7, 0.6999)).isEqualTo(new ClassCounts(0, 0, 2));
        assertThat(confidences.above(0.7, 0.7, 0.7)).isEqualTo(new ClassCounts(0, 0, 1));
        assertThat(confidences.above(0.7, 0.7, 0.7001)).isEqualTo(new ClassCounts(0, 0, 0));
    }

    @Test
    void givesATieToTheFirstOfNegativeNeutralPositive() {
        confidences.add(0.4, 0.4, 0.2, 1);
        confidences.add(0.2, 0.4, 0.4, 1);

        assertThat(confidences.above(0, 0, 0)).isEqualTo(new ClassCounts(1, 1, 0));
    }

    @Test
    void countsEveryPhotoOfATweetAndTakesThoseOfADeletedOneAway() {
        confidences.add(0.9, 0.05, 0.05, 3);
        confidences.add(0.8, 0.1, 0.1, 2);

        confidences.add(0.9, 0.05, 0.05, -3);

        assertThat(confidences.above(0, 0, 0)).isEqualTo(new ClassCounts(2, 0, 0));
    }

    @Test
    void hasEveryPhotoInItsHistogramTheSurestInTheLastBar() {
        confidences.add(0, 0, 1, 1);
        confidences.add(0, 0.5, 0.4, 2);

        assertThat(confidences.histogram(50).get(2).get(49)).isEqualTo(1);
        assertThat(confidences.histogram(50).get(1).get(25)).isEqualTo(2);
        assertThat(confidences.histogram(50).get(0)).containsOnly(0L);
    }

    @Test
    void takesAnyThresholdThatSomebodyTypes() {
        confidences.add(0, 0, 1, 1);

        assertThat(confidences.above(-5, -5, -5).sum()).isEqualTo(1);
        assertThat(confidences.above(5, 5, 5).sum()).isZero();
        assertThat(confidences.above(Double.NaN, Double.NaN, 1).sum()).isZero();
    }
}
