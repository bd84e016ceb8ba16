package dev.murmuration.evaluator.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.evaluator.Golden;
import dev.murmuration.schemas.Sentiment;
import java.util.List;
import org.junit.jupiter.api.Test;

class McNemarTest {

    private static final Prediction DARK = new Prediction(0.7, 0.2, 0.1);
    private static final Prediction BRIGHT = new Prediction(0.1, 0.2, 0.7);

    @Test
    void givesWhatStatsmodelsGives() {
        assertThat(Golden.rows("mcnemar.csv")).hasSize(8).allSatisfy(row -> {
            double expected = row.number("pValue");

            McNemar test = McNemar.of(row.whole("onlyFirst"), row.whole("onlySecond"));

            assertThat(test.pValue()).isEqualTo(expected, within(1e-9 * expected));
        });
    }

    @Test
    void countsPhotosThatExactlyOneStudentGotRight() {
        List<LabelledPrediction> first = List.of(
                new LabelledPrediction(Sentiment.negative, DARK),
                new LabelledPrediction(Sentiment.negative, DARK),
                new LabelledPrediction(Sentiment.positive, DARK),
                new LabelledPrediction(Sentiment.neutral, DARK));
        List<LabelledPrediction> second = List.of(
                new LabelledPrediction(Sentiment.negative, BRIGHT),
                new LabelledPrediction(Sentiment.negative, DARK),
                new LabelledPrediction(Sentiment.positive, BRIGHT),
                new LabelledPrediction(Sentiment.neutral, BRIGHT));

        McNemar test = McNemar.of(first, second, Protocol.ZERO_SHOT);

        assertThat(test).isEqualTo(new McNemar(1, 1, 1, 3));
        assertThatThrownBy(() -> McNemar.of(first, List.of(), Protocol.ZERO_SHOT))
                .hasMessageContaining("4 and 0");
    }
}
