package dev.murmuration.teacher.score;

import dev.murmuration.schemas.Scores;
import dev.murmuration.stage.FaultIsolation;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.teacher.model.TweetText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores the texts of tweets: masked as in training, each distinct text once, rounded before any comparison. A text that the
 * model fails on affects no other.
 */
public final class Scorer {

    // A text that any model can score: if this fails too, the fault is the model's and not the text's.
    private static final String PLAIN_TEXT = "a photo of a street";

    private static final double ROUNDING = 1e4;

    private final TextModel model;
    private final int textLimit;

    /** @param textLimit maximum number of UTF-16 units of a text that are scored; the rest of a longer one is ignored */
    public Scorer(TextModel model, int textLimit) {
        this.model = model;
        this.textLimit = textLimit;
    }

    /**
     * One verdict per text, in the order of the texts.
     *
     * @throws RuntimeException if the model fails for any text
     */
    public List<Verdict> score(List<String> texts) {
        List<String> prepared = texts.stream().map(this::prepared).toList();
        List<String> distinct = prepared.stream().distinct().toList();
        List<Verdict> scored = distinct.isEmpty() ? List.of() : scoreDistinct(distinct);
        Map<String, Verdict> verdicts = HashMap.newHashMap(distinct.size());
        for (int i = 0; i < distinct.size(); i++) {
            verdicts.put(distinct.get(i), scored.get(i));
        }
        return prepared.stream().map(verdicts::get).toList();
    }

    private String prepared(String text) {
        return TweetText.masked(TweetText.limited(text, textLimit));
    }

    private List<Verdict> scoreDistinct(List<String> texts) {
        return FaultIsolation.isolate(
                () -> verdicts(model.probabilities(texts)),
                batch -> texts.stream().map(this::scoreAlone).toList());
    }

    private Verdict scoreAlone(String text) {
        return FaultIsolation.isolate(
                () -> verdicts(model.probabilities(List.of(text))).getFirst(),
                reason -> new Verdict.Unscorable(
                        "the model fails on a text of %d characters: %s".formatted(text.length(), reason)),
                () -> model.probabilities(List.of(PLAIN_TEXT)));
    }

    private static List<Verdict> verdicts(float[][] probabilities) {
        List<Verdict> verdicts = new ArrayList<>(probabilities.length);
        for (float[] row : probabilities) {
            verdicts.add(verdict(row));
        }
        return verdicts;
    }

    private static Verdict verdict(float[] row) {
        for (float probability : row) {
            if (!(probability >= 0 && probability <= 1)) {
                return new Verdict.Unscorable("the model's probabilities are not numbers from 0 to 1");
            }
        }
        return new Verdict.Scored(new Scores(rounded(row[0]), rounded(row[1]), rounded(row[2])));
    }

    private static double rounded(float probability) {
        return Math.rint(probability * ROUNDING) / ROUNDING;
    }
}
