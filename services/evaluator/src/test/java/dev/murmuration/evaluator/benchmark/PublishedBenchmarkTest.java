package dev.murmuration.evaluator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Sentiment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedBenchmarkTest {

    @ParameterizedTest
    @CsvSource({"5agree, 301, 581", "4agree, 427, 689", "3agree, 500, 769", "emotion_ROI_test, 396, 198"})
    void isSilentOnlyAboutThePublishedCounts(String name, int negative, int positive) {
        PublishedBenchmark published = PublishedBenchmark.titled(name).orElseThrow();

        assertThat(published.difference(labels(negative, positive))).isEmpty();
        assertThat(published.difference(labels(negative - 1, positive)).orElseThrow())
                .contains(name, "%d negative".formatted(negative), "%d negative".formatted(negative - 1));
        assertThat(published.difference(labels(negative + 1, positive - 1))).isPresent();
    }

    @Test
    void allowsFivePerCentWhereAPaperSaysAbout() {
        PublishedBenchmark published =
                PublishedBenchmark.titled("twitter_testing_2").orElseThrow();

        assertThat(published.difference(labels(130, 440))).isEmpty();
        assertThat(published.difference(labels(130, 439))).isPresent();
        assertThat(published.difference(labels(130, 500))).isEmpty();
        assertThat(published.difference(labels(131, 500))).isPresent();
    }

    @Test
    void knowsNothingOfOtherNames() {
        assertThat(PublishedBenchmark.titled("6agree")).isEmpty();
    }

    private static List<Sentiment> labels(int negative, int positive) {
        List<Sentiment> labels = new ArrayList<>(Collections.nCopies(negative, Sentiment.negative));
        labels.addAll(Collections.nCopies(positive, Sentiment.positive));
        return labels;
    }
}
