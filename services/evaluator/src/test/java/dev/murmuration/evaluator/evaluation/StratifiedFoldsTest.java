package dev.murmuration.evaluator.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.Golden;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.schemas.Sentiment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedFoldsTest {

    @Test
    void foldsAsScikitLearnDoes() {
        assertThat(Golden.rows("folds.csv")).hasSize(5).allSatisfy(row -> {
            List<Sentiment> labels = row.text("labels")
                    .chars()
                    .mapToObj(digit ->
                            LabelScheme.THREE.label(Character.toString(digit)).orElseThrow())
                    .toList();

            int[] foldOf = StratifiedFolds.of(labels, row.whole("folds"), row.whole("seed"));

            assertThat(Arrays.stream(foldOf).mapToObj(Integer::toString).collect(Collectors.joining()))
                    .isEqualTo(row.text("foldOf"));
        });
    }

    @Test
    void drawsAndShufflesAsNumPyDoes() {
        assertThat(Golden.rows("mersenne-twister.csv")).hasSize(3).allSatisfy(row -> {
            MersenneTwister random = new MersenneTwister(row.whole("seed"));
            long[] words = IntStream.range(0, 1300)
                    .mapToLong(i -> Integer.toUnsignedLong(random.nextBits()))
                    .toArray();
            int[] shuffled = IntStream.range(0, 1000).toArray();
            random.shuffle(shuffled);

            assertThat(List.of(words[0], words[623], words[624], words[1299]))
                    .isEqualTo(List.of(
                            Long.valueOf(row.text("word0")),
                            Long.valueOf(row.text("word623")),
                            Long.valueOf(row.text("word624")),
                            Long.valueOf(row.text("word1299"))));
            assertThat(Arrays.stream(shuffled).mapToObj(Integer::toString).collect(Collectors.joining(" ")))
                    .isEqualTo(row.text("shuffled"));
        });
    }

    @Test
    void refusesMoreFoldsThanTheRarestClassHasPhotos() {
        List<Sentiment> labels =
                List.of(Sentiment.negative, Sentiment.positive, Sentiment.positive, Sentiment.positive);

        assertThatThrownBy(() -> StratifiedFolds.of(labels, 2, 42)).hasMessageContaining("rarest class has 1");
        assertThatThrownBy(() -> StratifiedFolds.of(List.of(), 2, 42)).hasMessageContaining("0 photos");
    }
}
