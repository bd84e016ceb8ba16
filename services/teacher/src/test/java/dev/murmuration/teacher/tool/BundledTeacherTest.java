package dev.murmuration.teacher.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.teacher.model.Bundled;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.score.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BundledTeacherTest {

    /** Loaded once a kind: the large one takes a second. */
    private static final Map<Bundled, LoadedModel> LOADED = new EnumMap<>(Bundled.class);

    private static TextModel model(Bundled kind) {
        return LOADED.computeIfAbsent(
                        kind, one -> LoadedModel.load(one.setting(), ModelSources.forTools(), Inference.DEFAULT))
                .model();
    }

    @AfterAll
    static void close() {
        LOADED.values().forEach(LoadedModel::close);
    }

    @ParameterizedTest
    @EnumSource
    void tellsMoodsApart(Bundled kind) {
        float[][] rows = model(kind)
                .probabilities(List.of(
                        "I hate this, worst day ever :(",
                        "The train to Rome leaves on Monday at nine",
                        "I love this, best day ever :)"));

        assertThat(rows[0][0]).isGreaterThan(.7f);
        assertThat(rows[1][1]).isGreaterThan(.7f);
        assertThat(rows[2][2]).isGreaterThan(.9f);
    }

    /** The training tweets have no emoji, so the tokenizer writes them as words. */
    @Test
    void readsEmoji() {
        float[][] rows = model(Bundled.MINILM)
                .probabilities(List.of("this is it", "this is it \ud83d\ude0d", "this is it \ud83d\ude2d"));

        assertThat(rows[1][2]).isGreaterThan(rows[0][2] + .1f);
        assertThat(rows[2][0]).isGreaterThan(rows[0][0] + .1f);
    }

    /** Two runs over one stream give the same scores however the stream is cut into batches. */
    @ParameterizedTest
    @EnumSource
    void scoresATextTheSameInEveryBatch(Bundled kind) {
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

        float[][] together = model(kind).probabilities(texts);

        for (int i = 0; i < texts.size(); i += 37) {
            assertThat(model(kind).probabilities(texts.subList(i, i + 1))[0]).isEqualTo(together[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void scoresWhateverATextIs(Bundled kind) {
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

        for (Verdict verdict : new Scorer(model(kind), Integer.MAX_VALUE).score(texts)) {
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
    @ParameterizedTest
    @CsvSource({"NGRAMS, .680, .45, .83", "MINILM, .726, .56, .85"})
    void isAsGoodAndAsHonestAsItsCardSays(Bundled kind, double recall, double share, double precision)
            throws Exception {
        Path texts = Path.of(System.getProperty("murmuration.root", "."), "../shared/data/tweet-sentiment/val.tsv");
        assumeThat(texts)
                .as("labelled tweets, which are not part of the project")
                .matches(Files::exists);

        Evaluation evaluation = TeacherEvaluation.evaluate(model(kind), LabelledTexts.read(texts));

        assertThat(evaluation.macroRecall()).isCloseTo(recall, within(.005));
        assertThat(evaluation.calibrationError()).isLessThan(.03);
        Evaluation.Kept kept = evaluation.kept(new double[] {.7, .7, .7});
        assertThat(kept.share()).isCloseTo(share, within(.01));
        assertThat(kept.precision()).isCloseTo(precision, within(.01));
    }
}
