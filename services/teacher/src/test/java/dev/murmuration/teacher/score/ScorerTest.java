package dev.murmuration.teacher.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.murmuration.schemas.Scores;
import dev.murmuration.teacher.model.TextModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerTest {

    private final TroubledModel model = new TroubledModel();
    private final Scorer scorer = new Scorer(model, 40);

    @Test
    void roundsToFourDecimals() {
        assertThat(scorer.score(List.of("fine"))).containsExactly(new Verdict.Scored(new Scores(.1235, .2, .6765)));
    }

    @Test
    void asksForRepeatsOnce() {
        List<Verdict> verdicts = scorer.score(List.of("@ana hi", "ho", "@ben hi", "ho"));

        assertThat(model.asked).containsExactly("@user hi", "ho");
        assertThat(verdicts).hasSize(4);
    }

    @Test
    void readsNoFurtherThanTheLimit() {
        scorer.score(List.of("x".repeat(41)));

        assertThat(model.asked).containsExactly("x".repeat(40));
    }

    @Test
    void givesUpOnOneTextAlone() {
        List<Verdict> verdicts = scorer.score(List.of("fine", "poison", "fine too"));

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Scored.class);
        assertThat(((Verdict.Unscorable) verdicts.get(1)).reason())
                .startsWith("the model fails on a text of 6 characters: IllegalStateException: cannot swallow this (");
        assertThat(verdicts.get(2)).isInstanceOf(Verdict.Scored.class);
    }

    @Test
    void refusesProbabilitiesThatAreNone() {
        assertThat(scorer.score(List.of("nan")))
                .containsExactly(new Verdict.Unscorable("the model's probabilities are not numbers from 0 to 1"));
    }

    @Test
    void failsWhenTheModelFailsWhateverTheText() {
        model.broken = true;

        assertThatIllegalStateException().isThrownBy(() -> scorer.score(List.of("fine")));
    }

    @Test
    void scoresNothingForNoTexts() {
        assertThat(scorer.score(List.of())).isEmpty();
        assertThat(model.asked).isEmpty();
    }

    /** What no model that can be loaded does on purpose: fails on one text, or on all. */
    private static final class TroubledModel implements TextModel {
        final List<String> asked = new ArrayList<>();
        boolean broken;

        @Override
        public String name() {
            return "troubled";
        }

        @Override
        public String version() {
            return "0";
        }

        @Override
        public float[][] probabilities(List<String> texts) {
            asked.addAll(texts);
            if (broken || texts.contains("poison")) {
                throw new IllegalStateException("cannot swallow this");
            }
            return texts.stream()
                    .map(text ->
                            text.equals("nan") ? new float[] {Float.NaN, 0, 1} : new float[] {.12345f, .2f, .67655f})
                    .toArray(float[][]::new);
        }

        @Override
        public void close() {}
    }
}
