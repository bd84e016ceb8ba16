package dev.murmuration.evaluator.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.murmuration.evaluator.Golden;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.schemas.ClassAccuracy;
import dev.murmuration.schemas.Sentiment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {

    /** Serra et al., ECAI 2023: the evaluation notebook's figures of four students on the photos that all five people agreed on. */
    @ParameterizedTest
    @CsvSource({
        "B-T4SA_1.0,          .811791, .801589, .756598, .846580, 458, 123, 258,  43",
        "B-T4SA_1.0_upd,      .821995, .782203, .689109, .875298, 551,  30, 174, 127",
        "B-T4SA_1.0_upd_filt, .846939, .813165, .733728, .892601, 561,  20, 186, 115",
        "bal_flat_T4SA2.0,    .823129, .803930, .742574, .865285, 501,  80, 225,  76",
    })
    void givesThePublishedFiguresToTheSixthDigit(
            String model,
            double accuracy,
            double macroF1,
            double f1Negative,
            double f1Positive,
            long truePositives,
            long falseNegatives,
            long trueNegatives,
            long falsePositives) {
        Confusion confusion = new Confusion(List.of(Sentiment.negative, Sentiment.positive))
                .add(Sentiment.positive, Sentiment.positive, truePositives)
                .add(Sentiment.positive, Sentiment.negative, falseNegatives)
                .add(Sentiment.negative, Sentiment.negative, trueNegatives)
                .add(Sentiment.negative, Sentiment.positive, falsePositives);

        Metrics metrics = Metrics.of(confusion, Optional.empty());

        assertThat(metrics.samples()).as(model).isEqualTo(882);
        assertThat(metrics.accuracy()).isEqualTo(accuracy, within(5e-7));
        assertThat(metrics.macroF1()).isEqualTo(macroF1, within(5e-7));
        assertThat(metrics.perClass().get(0).getF1()).isEqualTo(f1Negative, within(5e-7));
        assertThat(metrics.perClass().get(1).getF1()).isEqualTo(f1Positive, within(5e-7));
    }

    @ParameterizedTest
    @CsvSource({"zero-shot", "three-way"})
    void givesWhatScikitLearnGives(String title) {
        List<LabelledPrediction> judged = predictions();

        Metrics metrics = Protocol.titled(title).orElseThrow().measure(judged).orElseThrow();

        Map<String, Double> expected = new TreeMap<>();
        Golden.rows("metrics.csv").stream()
                .filter(row -> row.text("protocol").equals(title))
                .forEach(row -> expected.put(row.text("figure"), row.number("value")));
        Map<String, Double> actual = figures(metrics);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (figure, value) -> assertThat(actual.get(figure)).as(figure).isEqualTo(value, within(1e-12)));
    }

    @Test
    void givesWilsonsIntervalAtTheEdgesAndBetween() {
        Golden.rows("wilson.csv").forEach(row -> {
            WilsonInterval interval = WilsonInterval.wilson95(row.whole("hits"), row.whole("samples"));

            assertThat(interval.low()).as("%s", row).isEqualTo(row.number("low"), within(1e-12));
            assertThat(interval.high()).as("%s", row).isEqualTo(row.number("high"), within(1e-12));
        });
    }

    @Test
    void refusesAnIntervalOfNothing() {
        assertThatThrownBy(() -> WilsonInterval.wilson95(0, 0)).hasMessageContaining("0 of 0");
    }

    @Test
    void countsAnAbsentClassAsZeroInTheMacroF1() {
        Confusion onlyPositives = new Confusion(List.of(Sentiment.negative, Sentiment.positive))
                .add(Sentiment.positive, Sentiment.positive, 10);

        assertThat(Metrics.of(onlyPositives, Optional.empty()).macroF1()).isEqualTo(0.5);
    }

    /** The interval's ends against 200,000 resamples in NumPy (tools/golden.py); ours has 1,000, hence the width of the bound. */
    @Test
    void givesTheBootstrapsIntervalOfTheArea() {
        List<LabelledPrediction> judged = predictions();

        Ranking ranking = Ranking.of(judged).orElseThrow();

        Golden.rows("bootstrap.csv").forEach(row -> {
            assertThat(ranking.low95()).isEqualTo(row.number("low"), within(.006));
            assertThat(ranking.high95()).isEqualTo(row.number("high"), within(.006));
        });
        assertThat(Ranking.of(judged)).contains(ranking);
    }

    private static List<LabelledPrediction> predictions() {
        return Golden.rows("predictions.csv").stream()
                .map(row -> new LabelledPrediction(
                        LabelScheme.THREE.label(row.text("class")).orElseThrow(),
                        new Prediction(row.number("NEG"), row.number("NEU"), row.number("POS"))))
                .toList();
    }

    private static Map<String, Double> figures(Metrics metrics) {
        Map<String, Double> figures = new TreeMap<>();
        figures.put("samples", (double) metrics.samples());
        figures.put("accuracy", metrics.accuracy());
        figures.put("low95", metrics.interval().low());
        figures.put("high95", metrics.interval().high());
        figures.put("macroF1", metrics.macroF1());
        figures.put("rocAuc", metrics.ranking().orElseThrow().rocAuc());
        figures.put("averagePrecision", metrics.ranking().orElseThrow().averagePrecision());
        figures.put("balancedAccuracy", metrics.balancedAccuracy());
        List<String> classes = metrics.perClass().stream()
                .map(ClassAccuracy::getLabel)
                .map(LabelScheme::number)
                .toList();
        for (int i = 0; i < classes.size(); i++) {
            ClassAccuracy one = metrics.perClass().get(i);
            figures.put("precision[%s]".formatted(classes.get(i)), one.getPrecision());
            figures.put("recall[%s]".formatted(classes.get(i)), one.getRecall());
            figures.put("f1[%s]".formatted(classes.get(i)), one.getF1());
            for (int j = 0; j < classes.size(); j++) {
                figures.put("confusion[%s][%s]".formatted(classes.get(i), classes.get(j)), (double)
                        metrics.confusion().get(i).get(j));
            }
        }
        return figures;
    }
}
