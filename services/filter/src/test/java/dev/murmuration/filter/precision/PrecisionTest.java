package dev.murmuration.filter.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.schemas.Sentiment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrecisionTest {

    private static final String HEADER = "key,label,verdict\n";

    @Test
    void countsForEachClassHowOftenThePersonAgreed() {
        Map<Sentiment, Precision> precisions = Precision.of(
                HEADER + "a,positive,positive\nb,positive,Negative \nc,negative,negative\nd,negative,?\ne,neutral,\n");

        assertThat(precisions)
                .containsExactly(
                        Map.entry(Sentiment.negative, new Precision(1, 1)),
                        Map.entry(Sentiment.positive, new Precision(2, 1)));
    }

    /** statsmodels 0.14: proportion_confint(81, 100, method="wilson") = (0.7222, 0.8749); (0, 10) = (0.0, 0.2775). */
    @Test
    void givesWilsonsInterval() {
        assertThat(new Precision(100, 81).value()).isEqualTo(0.81);
        assertThat(new Precision(100, 81).low()).isCloseTo(0.7222, within(5e-5));
        assertThat(new Precision(100, 81).high()).isCloseTo(0.8749, within(5e-5));
        assertThat(new Precision(10, 0).low()).isCloseTo(0, within(1e-12));
        assertThat(new Precision(10, 0).high()).isCloseTo(0.2775, within(5e-5));
    }

    @Test
    void namesTheRowThatIsWrong() {
        assertThatThrownBy(() -> Precision.of(HEADER + "a,positive,happy\n"))
                .hasMessage("row 2: 'happy' is not one of negative, neutral, positive, ?");
        assertThatThrownBy(() -> Precision.of(HEADER + "a,positive,positive\na,positive,positive\n"))
                .hasMessage("row 3: a is judged twice");
        assertThatThrownBy(() -> Precision.of(HEADER + "a,positive\n")).hasMessage("row 2 has 2 columns instead of 3");
        assertThatThrownBy(() -> Precision.of("key,label\n")).hasMessage("the sheet has no column verdict");
    }
}
