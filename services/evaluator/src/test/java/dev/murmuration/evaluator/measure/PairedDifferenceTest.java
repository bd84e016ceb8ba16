package dev.murmuration.evaluator.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

    /**
     * Approval of a prime minister (Agresti, Categorical Data Analysis, 10.1): of 1,600, 150 changed one way, 86 the other; Wald's
     * interval is .0213 to .0587.
     */
    @Test
    void givesTheIntervalOfAgrestiAndMin() {
        PairedDifference difference = PairedDifference.of(86, 150, 1_600);

        assertThat(difference.value()).isCloseTo(.04, within(1e-9));
        assertThat(difference.low()).isCloseTo(.0213, within(5e-4));
        assertThat(difference.high()).isCloseTo(.0587, within(5e-4));
    }

    @Test
    void isSymmetricWhereNobodyIsBetter() {
        PairedDifference difference = PairedDifference.of(3, 3, 40);

        assertThat(difference.value()).isZero();
        assertThat(difference.low()).isEqualTo(-difference.high());
    }
}
