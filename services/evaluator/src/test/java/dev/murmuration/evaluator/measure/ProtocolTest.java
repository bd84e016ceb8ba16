package dev.murmuration.evaluator.measure;

import static dev.murmuration.schemas.Sentiment.negative;
import static dev.murmuration.schemas.Sentiment.neutral;
import static dev.murmuration.schemas.Sentiment.positive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.schemas.Sentiment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTest {

    @ParameterizedTest
    @CsvSource({
        "0.2, 0.6, 0.2,  negative, neutral",
        "0.2, 0.5, 0.3,  positive, neutral",
        "0.5, 0.0, 0.5,  negative, negative",
        "0.4, 0.4, 0.2,  negative, negative",
        "0.2, 0.4, 0.4,  positive, neutral",
        "0.1, 0.3, 0.6,  positive, positive",
        "0.0, 1.0, 0.0,  negative, neutral",
    })
    void breaksTiesInTheOrderOfTheClasses(
            double negative, double neutral, double positive, Sentiment zeroShot, Sentiment threeWay) {
        Prediction prediction = new Prediction(negative, neutral, positive);

        assertThat(Protocol.ZERO_SHOT.verdict(prediction)).isEqualTo(zeroShot);
        assertThat(Protocol.THREE_WAY.verdict(prediction)).isEqualTo(threeWay);
    }

    @Test
    void leavesNeutralPhotosOutOfZeroShot() {
        List<LabelledPrediction> judged = List.of(
                new LabelledPrediction(negative, new Prediction(0.3, 0.5, 0.2)),
                new LabelledPrediction(neutral, new Prediction(0.9, 0.0, 0.1)),
                new LabelledPrediction(positive, new Prediction(0.1, 0.2, 0.7)));

        Metrics metrics = Protocol.ZERO_SHOT.measure(judged).orElseThrow();

        assertThat(metrics.samples()).isEqualTo(2);
        assertThat(metrics.accuracy()).isEqualTo(1);
        assertThat(metrics.confusion()).isEqualTo(List.of(List.of(1L, 0L), List.of(0L, 1L)));
    }

    @Test
    void hasNoAreaWhereOneOfTheTwoClassesIsAbsent() {
        List<LabelledPrediction> onlyPositive =
                List.of(new LabelledPrediction(positive, new Prediction(0.1, 0.2, 0.7)));

        assertThat(Protocol.ZERO_SHOT.measure(onlyPositive).orElseThrow().ranking())
                .isEmpty();
    }

    @Test
    void measuresNothingWithoutAPhotoOfItsClasses() {
        assertThat(Protocol.ZERO_SHOT.measure(List.of(new LabelledPrediction(neutral, new Prediction(0, 1, 0)))))
                .isEmpty();
        assertThat(Protocol.THREE_WAY.measure(List.of())).isEmpty();
    }

    @Test
    void asksForNeutralPhotosToMeasureThreeWay() {
        assertThat(Protocol.THREE_WAY.measures(List.of(negative, positive))).isFalse();
        assertThat(Protocol.THREE_WAY.measures(List.of(negative, neutral, positive)))
                .isTrue();
        assertThat(Protocol.ZERO_SHOT.measures(List.of(negative, positive))).isTrue();
        assertThat(Protocol.ZERO_SHOT.measures(List.of(neutral))).isFalse();
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(() -> new Prediction(Double.NaN, 0.5, 0.5)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Prediction(-0.1, 0.5, 0.6)).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> new Prediction(0, 0, 1.1)).hasMessageContaining("1.1");
    }
}
