package dev.murmuration.evaluator.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sentiment;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void isNeutralWhereNeutralIsMostProbable() {
        Verdict verdict = new Verdict(.212, .475, .314);

        assertThat(verdict.mostProbable()).isEqualTo(Sentiment.neutral);
        assertThat(verdict).hasToString("neutral (negative 21.2 %, neutral 47.5 %, positive 31.4 %)");
        assertThat(new Verdict(.5, 0, .5).mostProbable()).isEqualTo(Sentiment.negative);
    }
}
