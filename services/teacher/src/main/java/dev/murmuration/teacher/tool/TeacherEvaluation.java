package dev.murmuration.teacher.tool;

import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.model.TextModel;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.score.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tool that measures any teacher on labelled texts, exactly as the service scores:
 * {@code TeacherEvaluation bundled|bundled-fast|FOLDER FILE.tsv...}.
 */
final class TeacherEvaluation {

    private static final int TEXT_LIMIT = 4096;

    /** Thresholds (negative, neutral, positive) of the data sets that the filter ships. */
    private static final Map<String, double[]> DATASETS = new LinkedHashMap<>();

    static {
        DATASETS.put("flat (.70 .70 .70)", new double[] {.7, .7, .7});
        DATASETS.put("unb  (.70 .90 .90)", new double[] {.7, .9, .9});
    }

    private TeacherEvaluation() {}

    /** Arguments: a model, then files of labelled texts. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println(
                    "usage: TeacherEvaluation bundled|bundled-fast|MODEL_FOLDER|hf://OWNER/NAME LABELLED.tsv...");
            System.exit(2);
        }
        try (LoadedModel loaded = LoadedModel.load(args[0], ModelSources.forTools(), Inference.DEFAULT)) {
            System.out.printf(
                    Locale.ROOT,
                    "model %s, version %s%n",
                    loaded.model().name(),
                    loaded.model().version());
            for (String file : List.of(args).subList(1, args.length)) {
                LabelledTexts labelled = LabelledTexts.read(Path.of(file));
                long start = System.nanoTime();
                Evaluation evaluation = evaluate(loaded.model(), labelled);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%n%s: %d texts, %.0f texts/s%n",
                        file,
                        labelled.size(),
                        labelled.size() / seconds);
                print(evaluation, System.out);
            }
        }
    }

    /** Scores every text as the service does, and compares. A text that the model cannot score counts as an even guess. */
    static Evaluation evaluate(TextModel model, LabelledTexts labelled) {
        List<Verdict> verdicts = new Scorer(model, TEXT_LIMIT).score(labelled.texts());
        Evaluation evaluation = new Evaluation();
        for (int i = 0; i < labelled.size(); i++) {
            double[] probabilities =
                    switch (verdicts.get(i)) {
                        case Verdict.Scored(var scores) ->
                            new double[] {scores.getNegative(), scores.getNeutral(), scores.getPositive()};
                        case Verdict.Unscorable unscorable -> new double[] {1 / 3., 1 / 3., 1 / 3.};
                    };
            evaluation.add(labelled.labels()[i], probabilities);
        }
        return evaluation;
    }

    private static void print(Evaluation evaluation, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "accuracy %.4f  macro F1 %.4f  macro recall %.4f  ECE(%d) %.4f  log loss %.4f%n",
                evaluation.accuracy(),
                evaluation.macroF1(),
                evaluation.macroRecall(),
                Evaluation.BINS,
                evaluation.calibrationError(),
                evaluation.logLoss());
        out.println("confusion (rows: truth; columns: prediction)   negative  neutral positive");
        String[] names = {"negative", "neutral", "positive"};
        for (int c = 0; c < names.length; c++) {
            long[] row = evaluation.confusion()[c];
            out.printf("%46s %8d %8d %8d%n", names[c], row[0], row[1], row[2]);
        }
        out.println("reliability      confidence  texts  mean confidence  accuracy");
        for (Evaluation.Bin bin : evaluation.bins()) {
            out.printf(
                    Locale.ROOT,
                    "%18s%.3f-%.3f %6d %16.3f %9.3f%n",
                    "",
                    bin.from(),
                    bin.to(),
                    bin.texts(),
                    bin.confidence(),
                    bin.accuracy());
        }
        DATASETS.forEach((name, thresholds) -> {
            Evaluation.Kept kept = evaluation.kept(thresholds);
            out.printf(
                    Locale.ROOT,
                    "%s keeps %.1f %% (negative %d, neutral %d, positive %d), precision %.3f%n",
                    name,
                    100 * kept.share(),
                    kept.texts().get(0),
                    kept.texts().get(1),
                    kept.texts().get(2),
                    kept.precision());
        });
    }
}
