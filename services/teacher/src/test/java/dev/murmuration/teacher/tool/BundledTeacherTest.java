package dev.murmuration.teacher.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.score.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BundledTeacherTest {

    private final LoadedModel bundled =
            LoadedModel.load(ModelSources.BUNDLED, ModelSources.forTools(), Inference.DEFAULT);

    @AfterEach
    void close() {
        bundled.close();
    }

    @Test
    void tellsMoodsApart() {
        float[][] rows = bundled.model()
                .probabilities(List.of(
                        "I hate this, worst day ever :(",
                        "The train to Rome leaves on Monday at nine",
                        "I love this, best day ever :)"));

        assertThat(rows[0][0]).isGreaterThan(.7f);
        assertThat(rows[1][1]).isGreaterThan(.7f);
        assertThat(rows[2][2]).isGreaterThan(.9f);
    }

    /** Two runs over one stream give the same scores however the stream is cut into batches. */
    @Test
    void scoresATextTheSameInEveryBatch() {
        Random random = new Random(1);
        List<String> words =
                List.of("good", "bad", "day", "@user", "http", "#sun", "never", "happy", "rain", "!!!", "\ud83d\ude00");
        List<String> texts = random.ints(1300, 1, 40)
                .mapToObj(length -> String.join(
                        " ",
                        random.ints(length, 0, words.size())
                                .mapToObj(words::get)
                                .toList()))
                .toList();

        float[][] together = bundled.model().probabilities(texts);

        for (int i = 0; i < texts.size(); i += 37) {
            assertThat(bundled.model().probabilities(texts.subList(i, i + 1))[0])
                    .isEqualTo(together[i]);
        }
    }

    @Test
    void scoresWhateverATextIs() {
        List<String> texts = List.of(
                "",
                " ",
                "\ud83d",
                "\udc00\ud83d",
                "\u0000\u0001\u001b[31m\u202e\ufeff",
                "x".repeat(100_000),
                "a ".repeat(50_000),
                "\ud83d\ude00".repeat(20_000),
                "null",
                "NaN",
                "\\ud83d \\u12 &amp;amp; &#39",
                "\u0645\u0631\u062d\u0628\u0627");

        for (Verdict verdict : new Scorer(bundled.model(), Integer.MAX_VALUE).score(texts)) {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Scored.class,
                            scored -> assertThat(scored.scores().getNegative()
                                            + scored.scores().getNeutral()
                                            + scored.scores().getPositive())
                                    .isBetween(.9998, 1.0002));
        }
    }

    /** The figures of the README. Validation texts only: the test texts were looked at once. */
    @Test
    void isAsGoodAndAsHonestAsItsCardSays() throws Exception {
        Path texts = Path.of(System.getProperty("murmuration.root", "."), "../shared/data/tweet-sentiment/val.tsv");
        assumeThat(texts)
                .as("labelled tweets, which are not part of the project")
                .matches(Files::exists);

        Evaluation evaluation = TeacherEvaluation.evaluate(bundled.model(), LabelledTexts.read(texts));

        assertThat(evaluation.macroRecall()).isBetween(.675, .685);
        assertThat(evaluation.calibrationError()).isLessThan(.03);
        assertThat(evaluation.kept(new double[] {.7, .7, .7}).share()).isBetween(.44, .46);
        assertThat(evaluation.kept(new double[] {.7, .7, .7}).precision()).isBetween(.82, .84);
    }
}
