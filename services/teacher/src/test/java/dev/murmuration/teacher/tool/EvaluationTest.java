package dev.murmuration.teacher.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private final Evaluation evaluation = new Evaluation();

    @Test
    void givesTheFiguresOfScikitLearn() throws IOException {
        try (InputStream golden = EvaluationTest.class.getResourceAsStream("/golden/evaluation.csv")) {
            List<double[]> rows = new String(golden.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Stream.of(line.split(",", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
            double[] expected = rows.getFirst();
            rows.stream().skip(1).forEach(row -> evaluation.add((int) row[0], new double[] {row[1], row[2], row[3]}));

            assertThat(evaluation.texts()).isEqualTo(200);
            assertThat(evaluation.accuracy()).isCloseTo(expected[0], within(1e-12));
            assertThat(evaluation.macroF1()).isCloseTo(expected[1], within(1e-12));
            assertThat(evaluation.macroRecall()).isCloseTo(expected[2], within(1e-12));
            assertThat(evaluation.logLoss()).isCloseTo(expected[3], within(1e-9));
        }
    }

    @Test
    void breaksTiesInTheOrderNegativeNeutralPositive() {
        assertThat(Evaluation.argmax(new double[] {.4, .4, .2})).isEqualTo(0);
        assertThat(Evaluation.argmax(new double[] {.2, .4, .4})).isEqualTo(1);
    }

    @Test
    void measuresTheDistanceOfConfidenceAndAccuracy() {
        evaluation.add(0, new double[] {.8, .1, .1});
        evaluation.add(1, new double[] {.8, .1, .1});
        evaluation.add(2, new double[] {.3, .3, .4});

        // Two texts at .8 of which one is right, one at .4 that is right: (|1.6 - 1| + |.4 - 1|) / 3.
        assertThat(evaluation.calibrationError()).isCloseTo(.4, within(1e-12));
        assertThat(evaluation.bins()).extracting(Evaluation.Bin::texts).containsExactly(1L, 2L);
    }

    @Test
    void keepsOnlyWhatIsStrictlyAboveTheThresholdOfItsClass() {
        evaluation.add(0, new double[] {.7, .2, .1});
        evaluation.add(0, new double[] {.7001, .2, .0999});
        evaluation.add(0, new double[] {.05, .05, .9});

        Evaluation.Kept kept = evaluation.kept(new double[] {.7, .9, .9});

        assertThat(kept.texts()).containsExactly(1L, 0L, 0L);
        assertThat(kept.share()).isCloseTo(1 / 3., within(1e-12));
        assertThat(kept.precision()).isEqualTo(1);
    }

    @Test
    void countsAConfidenceOfOneInTheLastBin() {
        evaluation.add(2, new double[] {0, 0, 1});

        assertThat(evaluation.bins())
                .singleElement()
                .satisfies(bin -> assertThat(bin.to()).isEqualTo(1));
    }
}
