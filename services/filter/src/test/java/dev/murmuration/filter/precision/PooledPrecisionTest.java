package dev.murmuration.filter.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.schemas.Sentiment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PooledPrecisionTest {

    @Test
    void weighsEachClassByItsSamples() {
        PooledPrecision pooled = PooledPrecision.of(
                Map.of(Sentiment.negative, new Precision(10, 10), Sentiment.positive, new Precision(10, 5)),
                Map.of(Sentiment.negative, 300L, Sentiment.neutral, 900L, Sentiment.positive, 100L));

        // Neutral was not judged: three quarters are negative.
        assertThat(pooled.value()).isCloseTo(.875, within(1e-9));
    }

    @Test
    void isThatOfTheClassWhereOnlyOneWasJudged() {
        Precision only = new Precision(100, 81);

        PooledPrecision pooled = PooledPrecision.of(Map.of(Sentiment.neutral, only), Map.of(Sentiment.neutral, 7L));

        assertThat(pooled.value()).isCloseTo(.81, within(1e-9));
        assertThat(pooled.low()).isCloseTo(only.low(), within(1e-9));
        assertThat(pooled.high()).isCloseTo(only.high(), within(1e-9));
    }

    @Test
    void readsLabelsThatTheJudgeDidNotSee() {
        String labels = "key,label,negative,neutral,positive,class-samples\na,positive,0,0,1,30\nb,negative,1,0,0,10\n";
        String sheet = "key,photo,split,text,verdict\na,,train,x,positive\nb,,train,y,positive\n";

        assertThat(Precision.of(sheet, labels))
                .containsExactly(
                        Map.entry(Sentiment.negative, new Precision(1, 0)),
                        Map.entry(Sentiment.positive, new Precision(1, 1)));
        assertThat(Precision.classSamples(labels))
                .containsExactly(Map.entry(Sentiment.negative, 10L), Map.entry(Sentiment.positive, 30L));
    }
}
