package dev.murmuration.teacher.tool;

import dev.murmuration.teacher.hashed.HashedFeatures;
import dev.murmuration.teacher.hashed.HashedModelFile;
import dev.murmuration.teacher.hashed.LinearClassifier;
import dev.murmuration.teacher.model.TweetText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The tool that makes the fast bundled teacher: {@code TeacherTraining TRAIN.tsv VALIDATION.tsv OUT_FOLDER}. It learns from the
 * first file alone; the second gives only the temperature (Guo et al., ICML 2017). The same files give the same bytes.
 */
final class TeacherTraining {

    private static final int HASH_BITS = 20;
    private static final int BUCKETS = 1 << HASH_BITS;
    private static final LinearTraining.Recipe PLAIN = new LinearTraining.Recipe(12, 5, .1, .1, .25, .7, 0, 1);
    private static final LinearTraining.Recipe SCALED = new LinearTraining.Recipe(12, 5, .1, .1, .3, .7, .3, 2);

    private static final double COLDEST = .5;
    private static final double WARMEST = 3;
    private static final double TEMPERATURE_STEP = .01;

    private TeacherTraining() {}

    /** Arguments: the training texts, the validation texts, the folder to write. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: TeacherTraining TRAIN.tsv VALIDATION.tsv OUT_FOLDER");
            System.exit(2);
        }
        LabelledTexts train = LabelledTexts.read(Path.of(args[0]));
        LabelledTexts validation = LabelledTexts.read(Path.of(args[1]));
        HashedFeatures features = new HashedFeatures(HASH_BITS);
        System.out.printf("%d texts to learn from, %d for the temperature%n", train.size(), validation.size());
        int[][] texts = features(features, train);
        int[][] held = features(features, validation);
        float[] ones = new float[BUCKETS * LinearClassifier.CLASSES];
        Arrays.fill(ones, 1);
        LinearClassifier plain = LinearTraining.train(texts, train.labels(), ones, PLAIN);
        LinearClassifier scaled = LinearTraining.train(
                texts, train.labels(), NaiveBayes.logRatios(texts, train.labels(), BUCKETS), SCALED);
        report("plain", plain, held, validation.labels());
        report("scaled", scaled, held, validation.labels());
        LinearClassifier trained = plain.averagedWith(scaled);
        LinearClassifier calibrated = report("their mean", trained, held, validation.labels());
        HashedModelFile.write(calibrated, HASH_BITS, Path.of(args[2]));
        System.out.println("written to " + args[2]);
    }

    private static LinearClassifier report(String which, LinearClassifier trained, int[][] texts, int[] labels) {
        double temperature = temperature(trained, texts, labels);
        LinearClassifier calibrated = trained.at(temperature);
        Evaluation evaluation = evaluate(calibrated, texts, labels);
        System.out.printf(
                Locale.ROOT,
                "%-10s temperature %.2f; on the validation texts accuracy %.4f, macro recall %.4f, ECE %.4f, log loss %.4f, kept %.3f at %.3f%n",
                which,
                temperature,
                evaluation.accuracy(),
                evaluation.macroRecall(),
                evaluation.calibrationError(),
                evaluation.logLoss(),
                evaluation.kept(new double[] {.7, .9, .9}).share(),
                evaluation.kept(new double[] {.7, .9, .9}).precision());
        return calibrated;
    }

    private static int[][] features(HashedFeatures features, LabelledTexts texts) {
        return texts.texts().stream().map(TweetText::masked).map(features::of).toArray(int[][]::new);
    }

    /** The temperature of the smallest log loss, by search over a grid: one number, one minimum. */
    private static double temperature(LinearClassifier classifier, int[][] texts, int[] labels) {
        double best = 1;
        double least = Double.MAX_VALUE;
        for (int step = 0; step <= (WARMEST - COLDEST) / TEMPERATURE_STEP; step++) {
            double temperature = COLDEST + step * TEMPERATURE_STEP;
            double loss = 0;
            for (int i = 0; i < texts.length; i++) {
                loss -= StrictMath.log(classifier.probabilities(texts[i], temperature)[labels[i]]);
            }
            if (loss < least) {
                least = loss;
                best = temperature;
            }
        }
        return best;
    }

    private static Evaluation evaluate(LinearClassifier classifier, int[][] texts, int[] labels) {
        Evaluation evaluation = new Evaluation();
        for (int i = 0; i < texts.length; i++) {
            evaluation.add(labels[i], classifier.probabilities(texts[i], 1));
        }
        return evaluation;
    }
}
