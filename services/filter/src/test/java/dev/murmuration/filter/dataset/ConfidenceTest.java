package dev.murmuration.filter.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.filter.settings.Presets;
import dev.murmuration.filter.topology.Tweets;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceTest {

    @ParameterizedTest
    @CsvSource({
        ".5, .3, .2, negative, .5",
        ".2, .5, .3, neutral, .5",
        ".2, .3, .5, positive, .5",
        ".4, .4, .2, negative, .4",
        ".4, .2, .4, negative, .4",
        ".2, .4, .4, neutral, .4",
        ".3333, .3333, .3333, negative, .3333"
    })
    void labelsWithTheLargestAndBreaksTiesInTheOrderOfTheClasses(
            double negative, double neutral, double positive, Sentiment label, double probability) {
        assertThat(Confidence.of(new Scores(negative, neutral, positive)))
                .isEqualTo(new Confidence(label, probability));
    }

    @ParameterizedTest
    @CsvSource({
        "flat, negative, .7, false", "flat, negative, .7001, true",
        "flat, neutral, .7, false", "flat, neutral, .7001, true",
        "flat, positive, .7, false", "flat, positive, .7001, true",
        "unb, negative, .7, false", "unb, negative, .7001, true",
        "unb, neutral, .9, false", "unb, neutral, .9001, true",
        "unb, positive, .9, false", "unb, positive, .9001, true",
        "bal, neutral, .9, false", "bal, positive, .9001, true",
        "bal-flat, positive, .7, false", "bal-flat, positive, .7001, true"
    })
    void exceedsTheThresholdStrictly(String preset, Sentiment label, double probability, boolean isSure) {
        assertThat(Tweets.preset(preset).isSureOf(new Confidence(label, probability)))
                .isEqualTo(isSure);
    }

    @Test
    void balancesTheTwoBalancedPresetsOnly() {
        assertThat(Presets.ALL)
                .allSatisfy((name, set) ->
                        assertThat(set.balance() instanceof Balance.Undersample).isEqualTo(name.startsWith("bal")));
    }
}
